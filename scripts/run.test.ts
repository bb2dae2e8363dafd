// Every command starts with this wrapper: what it loses of arguments, signals or exit codes, they
// all lose. It is run below a real npm and shell; the way over an older Node needs a registry.
import { type ChildProcess, spawn } from 'node:child_process'
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'

const SERVER = `
import { writeFileSync } from 'node:fs'
const server = setInterval(() => {}, 1000)
for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => {
  clearInterval(server)
  setTimeout(() => writeFileSync('stopped', signal), 300)
})
writeFileSync('started', String(process.pid))
`
const SCRIPTS = {
  serve: 'node run.mjs serve:run',
  // Two commands, so that the shell stays between npm and the server, as in the real scripts.
  'serve:run': 'node -e 0 && node server.mjs; exit $?',
  fail: 'node run.mjs fail:run',
  'fail:run': 'node -e "process.exit(7)"',
  echo: 'node run.mjs echo:run',
  'echo:run': 'node -e 0 && node echo.mjs',
}

let folder = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'regulars-run-'))
  copyFileSync(new URL('run.mjs', import.meta.url), join(folder, 'run.mjs'))
  writeFileSync(join(folder, 'server.mjs'), SERVER)
  writeFileSync(join(folder, 'echo.mjs'), 'console.log(JSON.stringify(process.argv.slice(2)))')
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ scripts: SCRIPTS }))
})
afterEach(() => {
  const started = join(folder, 'started')
  // A failed test must not leave its server behind.
  if (existsSync(started) && lives(pidIn(started))) process.kill(pidIn(started), 'SIGKILL')
  rmSync(folder, { recursive: true, force: true })
})

function pidIn(path: string): number {
  return Number(readFileSync(path, 'utf8'))
}

/** In a group of its own, as a terminal starts a command. */
function npm(args: string[]): ChildProcess {
  return spawn('npm', ['run', '--silent', ...args], { cwd: folder, stdio: 'pipe', detached: true })
}

function exitCode(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => child.on('exit', resolve))
}

async function serve(): Promise<{ npm: ChildProcess; server: number }> {
  const child = npm(['serve'])
  await vi.waitUntil(() => existsSync(join(folder, 'started')), { timeout: 20_000 })
  return { npm: child, server: pidIn(join(folder, 'started')) }
}

/** The server wrote its last word and is gone. */
async function expectCleanStop(server: number): Promise<void> {
  await vi.waitUntil(() => existsSync(join(folder, 'stopped')), { timeout: 10_000 })
  await vi.waitUntil(() => !lives(server), { timeout: 5_000 })
  expect(readFileSync(join(folder, 'stopped'), 'utf8')).toMatch(/^SIG(TERM|INT)$/)
}

test('SIGTERM to npm alone, as a service manager sends it, stops the server', async () => {
  const running = await serve()
  running.npm.kill('SIGTERM')
  await expectCleanStop(running.server)
})

test('SIGINT to the group, as a terminal sends it, stops the server before npm ends', async () => {
  const running = await serve()
  const ended = exitCode(running.npm)
  process.kill(-(running.npm.pid ?? Number.NaN), 'SIGINT')
  await ended
  expect(existsSync(join(folder, 'stopped'))).toBe(true)
  await expectCleanStop(running.server)
})

function lives(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    // The process is gone.
    return false
  }
}

test('the exit code of the command is the exit code of npm', async () => {
  expect(await exitCode(npm(['fail']))).toBe(7)
})

test('arguments reach the command unchanged', async () => {
  const child = npm(['echo', '--', 'a folder', '--mapping', '$HOME.json', '--fresh'])
  let output = ''
  child.stdout?.on('data', (chunk) => (output += String(chunk)))
  expect(await exitCode(child)).toBe(0)
  expect(JSON.parse(output)).toEqual(['a folder', '--mapping', '$HOME.json', '--fresh'])
})
