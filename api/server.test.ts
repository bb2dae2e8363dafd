// The server on real sockets: what only shows between two processes.
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync } from 'node:fs'
import { Agent, get } from 'node:https'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { Pool } from 'pg'
import { expect, inject, test } from 'vitest'
import { loadConfig } from './config.ts'
import { createLog } from './log.ts'
import { startServer } from './server.ts'
import { listen } from './test-listener.ts'
import { cookiesOf, SETUP } from './test-world.ts'

const folder = () => mkdtempSync(join(tmpdir(), 'regulars-server-'))
const start = (env: Record<string, string>) =>
  startServer(loadConfig({ PORT: '0', HOST: '127.0.0.1', ...env }), createLog('silent'))

const setUp = (url: string) =>
  fetch(`${url}/api/setup`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: new URL(url).origin },
    body: JSON.stringify(SETUP),
  })

async function expectKept(env: Record<string, string>): Promise<void> {
  const first = await start(env)
  expect((await setUp(first.url)).status).toBe(201)
  await first.close()
  const second = await start(env)
  expect(await (await fetch(`${second.url}/api/setup`)).json()).toEqual({ empty: false })
  const signedIn = await fetch(`${second.url}/api/auth/sign-in`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email: SETUP.email, password: SETUP.password }),
  })
  expect(signedIn.status).toBe(200)
  expect((await fetch(`${second.url}/readyz`)).status).toBe(200)
  await second.close()
}

test('what was set up is there after a stop and a start', () => expectKept({ DATA_DIR: folder() }))

test.skipIf(!inject('postgresUrl'))('so it is with ledger and accounts in PostgreSQL', async () => {
  const url = new URL(inject('postgresUrl'))
  const name = `server_${process.pid}`
  const pool = new Pool({ connectionString: url.href })
  await pool.query(`create database ${name}`)
  await pool.end()
  url.pathname = `/${name}`
  await expectKept({ DATA_DIR: folder(), DATABASE_URL: url.href })
})

test('a request under way is answered before the server stops, and none after', async () => {
  const server = await start({ DATA_DIR: folder() })
  const answer = setUp(server.url)
  await new Promise((resolve) => setTimeout(resolve, 20))
  await server.close()
  expect((await answer).status).toBe(201)
  await expect(fetch(`${server.url}/healthz`)).rejects.toThrow()
})

test('a client that talks nonsense or hangs up does not disturb the others', async () => {
  const server = await start({ DATA_DIR: folder() })
  const { port } = new URL(server.url)
  const nonsense = ['\u0000\u0001', 'GET / HTTP/9.9\r\n\r\n', 'POST /api/setup HTTP/1.1\r\nHo']
  for (const text of nonsense) {
    const socket = connect(Number(port), '127.0.0.1')
    await new Promise((resolve) => socket.write(text, resolve))
    socket.destroy()
  }
  const cut = connect(Number(port), '127.0.0.1')
  const head = 'POST /api/setup HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n'
  await new Promise((resolve) => cut.write(`${head}Content-Length: 5000\r\n\r\n{"chain`, resolve))
  cut.destroy()
  expect((await fetch(`${server.url}/healthz`)).status).toBe(200)
  await server.close()
})

test('with a certificate the server speaks HTTPS and says so to browsers', async () => {
  const DATA_DIR = folder()
  const [TLS_CERT, TLS_KEY] = [join(DATA_DIR, 'cert.pem'), join(DATA_DIR, 'key.pem')]
  const subject = ['-subj', '/CN=localhost', '-days', '1', '-keyout', TLS_KEY, '-out', TLS_CERT]
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
  execFileSync('openssl', ['req', '-x509', ...key, ...subject], { stdio: 'ignore' })
  const server = await start({ DATA_DIR, TLS_CERT, TLS_KEY })
  expect(server.url).toMatch(/^https:/)
  const agent = new Agent({ rejectUnauthorized: false })
  const answer = await new Promise<[number | undefined, string | undefined]>((resolve, reject) => {
    get(`${server.url}/healthz`, { agent }, ({ statusCode, headers }) =>
      resolve([statusCode, headers['strict-transport-security']]),
    ).on('error', reject)
  })
  expect(answer).toEqual([200, 'max-age=31536000'])
  agent.destroy()
  await server.close()
})

test('attempts are counted by the address of the socket, which a header cannot change', async () => {
  const server = await start({ DATA_DIR: folder() })
  const statuses: number[] = []
  for (let n = 0; n < 21; n += 1) {
    const answer = await fetch(`${server.url}/api/devices/enrol`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-forwarded-for': `10.0.0.${n}` },
      body: JSON.stringify({ code: 'WRONG-CODES' }),
    })
    statuses.push(answer.status)
  }
  expect(statuses.at(-1)).toBe(429)
  await server.close()
})

test('a server that stops ends the streams that stand open, and does not wait for them', async () => {
  const server = await start({ DATA_DIR: folder() })
  await setUp(server.url)
  const signedIn = await fetch(`${server.url}/api/auth/sign-in`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email: SETUP.email, password: SETUP.password }),
  })
  const stream = await listen(`${server.url}/api/desk/poke`, cookiesOf(signedIn))
  expect([stream.status, stream.isOpen()]).toEqual([200, true])
  const askedAt = performance.now()
  await server.close()
  await stream.ended
  expect(performance.now() - askedAt).toBeLessThan(5_000)
})

const MAIN = fileURLToPath(new URL('main.ts', import.meta.url))
const run = (env: Record<string, string>) =>
  spawn(process.execPath, [MAIN], { env: { PATH: process.env.PATH, PORT: '0', ...env } })

test('the process ends cleanly when it is asked to stop', async () => {
  const child = run({ DATA_DIR: folder() })
  const lines: string[] = []
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line)
    if (line.includes('"listening"')) child.kill('SIGTERM')
  }
  const messages = lines.map((line) => (JSON.parse(line) as { msg: string }).msg)
  expect(messages).toEqual(expect.arrayContaining(['settings', 'listening', 'stopping', 'stopped']))
  expect(child.exitCode ?? (await once(child, 'exit'))[0]).toBe(0)
})

test('a process with wrong settings names them and never starts', async () => {
  const child = run({ DATA_DIR: folder(), PORT: 'http', LOG_LEVEL: 'loud' })
  let told = ''
  for await (const chunk of child.stderr) told += String(chunk)
  expect(told).toMatch(/PORT.*\n.*LOG_LEVEL/)
  expect(child.exitCode ?? (await once(child, 'exit'))[0]).toBe(1)
})
