// One browser for every test and script: the one that is there, else one that is fetched.
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium } from '@playwright/test'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']
const PACKAGES = ['chromium', 'fonts-noto-cjk']

/** The path of a Chromium: CHROMIUM if set, Playwright's own if fetched, else the system's. */
export function findChromium(): string | undefined {
  const named = process.env.CHROMIUM
  const found = [...(named ? [named] : []), chromium.executablePath(), ...NAMES.flatMap(onPath)]
  return found.find((path) => existsSync(path))
}

function onPath(name: string): string[] {
  return (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, name))
}

/** For Playwright's launch. Chromium's sandbox does not work for root, as containers often are. */
export function launchOptions(): { executablePath?: string; args: string[] } {
  const executablePath = findChromium()
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : []
  return executablePath === undefined ? { args } : { executablePath, args }
}

/** True when the command ran and succeeded; its output goes to the terminal. */
function succeeds(command: string, args: string[]): boolean {
  return spawnSync(command, args, { stdio: 'inherit' }).status === 0
}

function fetchWithPlaywright(): boolean {
  return succeeds('npx', ['playwright', 'install', 'chromium'])
}

function installWithApt(): boolean {
  if (process.getuid?.() !== 0 || onPath('apt-get').every((path) => !existsSync(path))) return false
  const install = ['install', '--yes', '--no-install-recommends', ...PACKAGES]
  return succeeds('apt-get', ['update', '--quiet']) && succeeds('apt-get', [...install, '--quiet'])
}

/** Gets a browser and returns its path, or undefined. CI never downloads a browser build. */
function getChromium(): string | undefined {
  const ways = process.env.CI ? [installWithApt] : [fetchWithPlaywright, installWithApt]
  for (const way of ways) {
    const found = findChromium() ?? (way() ? findChromium() : undefined)
    if (found !== undefined) return found
  }
  return undefined
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const path = getChromium()
  if (path === undefined) {
    console.error('No Chromium. Install one, or name yours: CHROMIUM=/path/to/chromium npm test')
    process.exit(1)
  }
  const version = execFileSync(path, ['--version'], { encoding: 'utf8' }).trim()
  console.log(`Browser: ${version} (${path})`)
}
