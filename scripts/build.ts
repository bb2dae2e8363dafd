// Builds the pages, unless build/ was made from exactly these sources. The hash of the sources also
// names the version that tablets report, so equal versions mean equal code.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Everything the pages are made of: what web/ may import, and what decides how it is built. */
const SOURCES = ['web', 'db/model', 'package.json', 'package-lock.json', 'svelte.config.js']
const CONFIGS = ['vite.config.ts', 'tsconfig.json', 'tsconfig.base.json', 'scripts/build.ts']
const NOT_BUILT = /\.(test\.ts|spec\.ts|md)$|^web\/e2e\//
const STAMP = '.svelte-kit/build-sources.txt'
const HASH_LENGTH = 12

/** Hash of paths and contents below the current folder; other files than sources do not count. */
export function hashSources(roots: string[]): string {
  const hash = createHash('sha256')
  for (const path of roots.flatMap(filesBelow).sort()) {
    if (NOT_BUILT.test(path)) continue
    hash.update(`${path}\0`).update(createHash('sha256').update(readFileSync(path)).digest())
  }
  return hash.digest('hex').slice(0, HASH_LENGTH)
}

/** Paths with forward slashes, so that the same sources hash alike on every system. */
function filesBelow(path: string): string[] {
  if (!existsSync(path)) return []
  if (statSync(path).isFile()) return [path]
  return readdirSync(path).flatMap((name) => filesBelow(`${path}/${name}`))
}

function stampedHash(): string | undefined {
  if (!existsSync(STAMP) || !existsSync(join('build', 'index.html'))) return undefined
  return readFileSync(STAMP, 'utf8')
}

/** Runs a tool from node_modules; the build's own output is what a person wants to see. */
function runTool(tool: string, args: string[], env: NodeJS.ProcessEnv): boolean {
  const windows = process.platform === 'win32'
  const bin = join('node_modules', '.bin', tool)
  return spawnSync(bin, args, { stdio: 'inherit', shell: windows, env }).status === 0
}

function build(): number {
  const hash = hashSources([...SOURCES, ...CONFIGS])
  if (stampedHash() === hash) return 0
  // Without its stamp a build that is cut short is built again.
  rmSync(STAMP, { force: true })
  const { version }: { version: string } = JSON.parse(readFileSync('package.json', 'utf8'))
  const env = { ...process.env, BUILD_VERSION: `${version}+${hash}` }
  const built = runTool('svelte-kit', ['sync'], env) && runTool('vite', ['build'], env)
  if (!built) return 1
  writeFileSync(STAMP, hash)
  return 0
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.exit(build())
}
