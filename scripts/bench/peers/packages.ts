// The peers are no dependencies of the project. They are fetched from the npm registry into a cache
// folder of data/ when the bench first needs them, in exactly these versions.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export const PEERS = {
  pouchdb: '9.0.0',
  'express-pouchdb': '4.2.0',
  express: '4.22.3',
  rxdb: '17.6.0',
  rxjs: '7.8.2',
  dexie: '4.4.7',
} as const

const INSTALL = ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error']

function versionOf(folder: string, name: string): string | null {
  const path = join(folder, 'node_modules', name, 'package.json')
  if (!existsSync(path)) return null
  const { version }: { version: string } = JSON.parse(readFileSync(path, 'utf8'))
  return version
}

type Wanted = Readonly<Record<string, string>>

/** What is missing or has another version. */
export function missingPackages(folder: string, wanted: Wanted): string[] {
  return Object.entries(wanted)
    .filter(([name, version]) => versionOf(folder, name) !== version)
    .map(([name, version]) => `${name}@${version}`)
}

/** Fetches what is missing and says so; what could not be had is left out, with the reason. */
export function fetchPackages(folder: string, wanted: Wanted): string[] {
  const missing = missingPackages(folder, wanted)
  if (missing.length === 0) return []
  console.log(`Fetching from the npm registry into ${folder}: ${missing.join(', ')}`)
  mkdirSync(folder, { recursive: true })
  const manifest = { private: true, dependencies: wanted }
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest, null, 2))
  const shell = process.platform === 'win32'
  spawnSync('npm', INSTALL, { cwd: folder, stdio: ['ignore', 'inherit', 'inherit'], shell })
  return missingPackages(folder, wanted)
}

export function fetchPeers(folder: string): string[] {
  return fetchPackages(folder, PEERS)
}
