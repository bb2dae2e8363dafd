// Installs the dependencies, unless exactly those of the lockfile stand there already. npm writes
// what it installed into node_modules/.package-lock.json as its last step, so an installation that
// was cut short never looks complete.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

type Locked = {
  version?: string
  integrity?: string
  optional?: boolean
  os?: string[]
  cpu?: string[]
  libc?: string[]
}
type Packages = Record<string, Locked>

/** True when `installed` holds what `wanted` asks of this machine, at the same content. */
export function inStep(wanted: Packages, installed: Packages): boolean {
  const extra = Object.keys(installed).some((path) => wanted[path] === undefined)
  return !extra && Object.entries(wanted).every(([path, want]) => fits(path, want, installed[path]))
}

function fits(path: string, want: Locked, have: Locked | undefined): boolean {
  // The empty path is the project itself.
  if (path === '') return true
  if (have === undefined) return want.optional === true && !meantForHere(want)
  return have.version === want.version && have.integrity === want.integrity
}

/** An optional package for this machine. One that names a C library may be for the other one. */
function meantForHere({ os, cpu, libc }: Locked): boolean {
  if (os === undefined || cpu === undefined || libc !== undefined) return false
  return os.includes(process.platform) && cpu.includes(process.arch)
}

function readPackages(path: string): Packages | undefined {
  try {
    const file: { packages?: Packages } = JSON.parse(readFileSync(path, 'utf8'))
    return file.packages
  } catch {
    // No file, or one npm did not finish: not in step, and npm puts it right.
    return undefined
  }
}

/** Exit code of the installation; 0 when there was nothing to do. */
function install(): number {
  const wanted = readPackages('package-lock.json')
  const installed = readPackages('node_modules/.package-lock.json')
  if (wanted && installed && inStep(wanted, installed)) return 0
  // Install scripts stay off: nothing here needs them, and one would ask for a C compiler.
  const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']
  const windows = process.platform === 'win32'
  return spawnSync('npm', ['ci', ...flags], { stdio: 'inherit', shell: windows }).status ?? 1
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.exit(install())
}
