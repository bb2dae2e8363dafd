// What is at stake: a disk that is full, read-only or broken. Nothing that was answered may be
// lost, reads go on, it is said what is wrong, and all is well by itself when the disk is back.
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { v7 } from 'uuid'
import { expect, type TestContext, test } from 'vitest'
import { must } from '#model/assert.ts'
import { firstHash, headAfter, type Op } from '#model/op.ts'
import type { PushReply } from '#model/protocol.ts'
import { openLedger } from '#sql/open-ledger.ts'
import { nodePorts } from '#sql/ports.ts'
import { verifyChains } from '#sql/verify.ts'
import { loadConfig } from './config.ts'
import { createLog } from './log.ts'
import { startServer } from './server.ts'
import { mountDisk, type TestDisk } from './test-disk.ts'
import {
  type Asked,
  cookiesOf,
  openWorld,
  pullBody,
  pushBody,
  sealAll,
  SETUP,
  type Tablet,
} from './test-world.ts'

type Ask = (method: string, path: string, asked?: Asked) => Response | Promise<Response>

/** A tablet that counts at the door, one op a push, and knows what was answered for. */
class Counter {
  /** Another server may take over. */
  ask: Ask
  readonly #tablet: Tablet
  readonly #actor: string
  readonly #store: string
  #pending: Op | null = null
  #head
  readonly answered: string[] = []

  constructor(ask: Ask, tablet: Tablet, actor: string) {
    this.ask = ask
    this.#tablet = tablet
    this.#actor = actor
    this.#store = tablet.store_id
    this.#head = { n: 0, op_id: null as string | null, hash: firstHash(tablet.device_id) }
  }

  /** Pushes the next op, or the one that was not taken before. */
  async push(): Promise<Response> {
    const at = Date.now()
    const payload = { customer_id: null, home_store_id: null, purpose: 'browse' }
    const draft = { store_id: this.#store, kind: 'visit', record_id: v7(), type: 'visit' } as const
    const [sealed] = sealAll(this.#tablet, this.#actor, [{ ...draft, payload }], at, this.#head)
    this.#pending ??= sealed ?? null
    const op = this.#pending
    if (!op) throw new Error('nothing to push')
    const body = pushBody(this.#tablet, [op], at)
    const answer = await this.ask('POST', '/api/sync/push', { as: this.#tablet.cookie, body })
    if (answer.status !== 200) return answer
    const { results } = (await answer.clone().json()) as PushReply
    if (results[0]?.op_id !== op.op_id) throw new Error('another op was answered for')
    this.answered.push(op.op_id)
    this.#head = headAfter(op)
    this.#pending = null
    return answer
  }

  pull(): Response | Promise<Response> {
    const body = pullBody(this.#tablet, ['chain', this.#store], Date.now())
    return this.ask('POST', '/api/sync/pull', { as: this.#tablet.cookie, body })
  }
}

async function codeOf(answer: Response): Promise<unknown> {
  return ((await answer.json()) as { code: unknown }).code
}

function diskOrSkip(context: TestContext, megabytes: number): TestDisk {
  const disk = mountDisk(megabytes)
  if (typeof disk === 'string') return context.skip(disk)
  return disk
}

async function expectKept(path: string, ids: readonly string[]): Promise<void> {
  const ledger = await openLedger(path, nodePorts)
  const rows = await ledger.db.select({ id: ledger.t.op.op_id }).from(ledger.t.op)
  const kept = new Set(rows.map((row) => row.id))
  expect(ids.filter((id) => !kept.has(id))).toEqual([])
  expect(await verifyChains(ledger, () => undefined)).toMatchObject({ broken: 0 })
  await ledger.close()
}

test('a full disk: 507 and when to come again, reads go on, and nothing answered is lost', async (context) => {
  const disk = diskOrSkip(context, 16)
  const path = join(disk.folder, 'ledger.sqlite')
  const world = await openWorld({}, path)
  const counter = new Counter(world.ask, world.tablets.n1, world.staff.clerk)
  try {
    expect((await counter.push()).status).toBe(200)
    disk.fill()
    let answer = await counter.push()
    for (let n = 0; n < 500 && answer.status === 200; n += 1) answer = await counter.push()
    expect(answer.status).toBe(507)
    expect(answer.headers.get('retry-after')).toBe('5')
    expect(await codeOf(answer)).toBe('disk-full')
    expect((await counter.pull()).status).toBe(200)
    expect((await world.ask('GET', '/api/desk/me', { as: world.desk.hq })).status).toBe(200)
    expect((await world.ask('GET', '/healthz')).status).toBe(200)
    const ready = await world.ask('GET', '/readyz')
    expect(await ready.json()).toEqual({ ok: true, writes: 'no', reason: 'disk-full' })
    expect((await counter.push()).status).toBe(507)

    disk.free()
    expect((await counter.push()).status).toBe(200)
    await world.ledger.writes.probe()
    const again = await world.ask('GET', '/readyz')
    expect(await again.json()).toEqual({ ok: true, writes: 'yes', reason: null })
    await world.close()
    await expectKept(path, counter.answered)
  } finally {
    disk.remove()
  }
}, 60_000)

const PLACE = { zone: 'Asia/Shanghai', currency: 'CNY', country: 'CN' }

/** A chain with a store, a clerk and a tablet, all through the doors of a running server. */
async function furnish(url: string): Promise<{ tablet: Tablet; clerk: string; admin: string }> {
  const ask = asker(url)
  await ask('POST', '/api/setup', { body: SETUP })
  const { email, password } = SETUP
  const admin = cookiesOf(await ask('POST', '/api/auth/sign-in', { body: { email, password } }))
  const [store_id, clerk] = [v7(), v7()]
  const create = (kind: string, record_id: string, payload: object) => ({
    kind,
    record_id,
    type: 'create',
    payload,
  })
  const drafts = [
    create('store', store_id, { name: 'N1', region_id: null, ...PLACE }),
    create('staff', clerk, { name: 'Clerk', role: 'clerk', store_ids: [store_id] }),
  ]
  await ask('POST', '/api/admin/write', { as: admin, body: { drafts } })
  const body = { store_id, name: 'Counter' }
  const given = await ask('POST', '/api/admin/enrolments', { as: admin, body })
  const { code } = (await given.json()) as { code: string }
  const enrolled = await ask('POST', '/api/devices/enrol', { body: { code } })
  const { device_id } = (await enrolled.clone().json()) as { device_id: string }
  return { tablet: { device_id, store_id, cookie: cookiesOf(enrolled) }, clerk, admin }
}

function asker(url: string): Ask {
  return (method, path, { as, body, headers = {} } = {}) =>
    fetch(`${url}${path}`, {
      method,
      headers: {
        origin: new URL(url).origin,
        ...(as === undefined ? {} : { cookie: as }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
}

test('a read-only disk: the server starts, says so, reads, and writes when it may', async (context) => {
  const disk = diskOrSkip(context, 32)
  const env = { DATA_DIR: disk.folder, PORT: '0', HOST: '127.0.0.1' }
  const lines: string[] = []
  const log = createLog('info', { write: (line) => void lines.push(line) })
  try {
    const first = await startServer(loadConfig(env), log)
    const { tablet, clerk, admin } = await furnish(first.url)
    const counter = new Counter(asker(first.url), tablet, clerk)
    expect((await counter.push()).status).toBe(200)
    await first.close()
    disk.setReadOnly(true)

    const server = await startServer(loadConfig(env), log)
    const ask = asker(server.url)
    await setTimeout(50)
    expect(lines.join('')).toContain('ALARM: the disk takes no writes')
    const ready = await ask('GET', '/readyz')
    expect(await ready.json()).toEqual({ ok: true, writes: 'no', reason: 'read-only' })
    counter.ask = ask
    const refused = await counter.push()
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '5'])
    expect(await codeOf(refused)).toBe('read-only')
    expect((await counter.pull()).status).toBe(200)
    expect((await ask('GET', '/api/desk/me', { as: admin })).status).toBe(200)
    const { email, password } = SETUP
    const signIn = await ask('POST', '/api/auth/sign-in', { body: { email, password } })
    expect([signIn.status, await codeOf(signIn)]).toEqual([503, 'read-only'])

    disk.setReadOnly(false)
    expect((await counter.push()).status).toBe(200)
    await setTimeout(2_500)
    const again = await ask('GET', '/readyz')
    expect(await again.json()).toEqual({ ok: true, writes: 'yes', reason: null })
    expect((await ask('POST', '/api/auth/sign-in', { body: { email, password } })).status).toBe(200)
    expect(lines.join('')).toContain('the disk takes writes again')
    await server.close()
    await expectKept(join(disk.folder, 'ledger.sqlite'), counter.answered)
  } finally {
    disk.remove()
  }
}, 60_000)

const MAIN = fileURLToPath(new URL('main.ts', import.meta.url))

function hasStrace(): boolean {
  try {
    execFileSync('strace', ['-e', 'trace=fsync', '-f', '-o', '/dev/null', 'true'], {
      stdio: 'pipe',
    })
    return true
  } catch {
    return false
  }
}

/** A server whose syncs of the ledger's log fail from the given one on, for a while. */
async function startWithFailingSync(folder: string, when: string) {
  const log = join(folder, 'ledger.sqlite-wal')
  const rule = `inject=fsync,fdatasync:error=EIO:when=${when}`
  const args = ['-f', '-q', '-o', '/dev/null', '-P', log, '-e', rule, process.execPath, MAIN]
  const env = { PATH: process.env.PATH, PORT: '0', HOST: '127.0.0.1', DATA_DIR: folder }
  // A group of its own, because the tracer's end does not end the server.
  const child = spawn('strace', args, { env, detached: true })
  const kill = () => {
    if (child.signalCode === null) process.kill(-must(child.pid, 'a running child'), 'SIGKILL')
  }
  const lines: string[] = []
  const url = new Promise<string>((resolve) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      lines.push(line)
      const said = JSON.parse(line) as { msg: string; url?: string; pid?: number }
      if (said.msg === 'listening' && said.url !== undefined) resolve(said.url)
    })
  })
  return { kill, ended: once(child, 'exit'), lines, url: await url }
}

test('a sync that fails: not answered for, the writer begins anew, what was answered is there', async (context) => {
  if (!hasStrace()) return context.skip('strace cannot trace here')
  const folder = mkdtempSync(join(tmpdir(), 'regulars-sync-'))
  const { kill, ended, lines, url } = await startWithFailingSync(folder, '40..60')
  try {
    const { tablet, clerk } = await furnish(url)
    const counter = new Counter(asker(url), tablet, clerk)
    const statuses: number[] = []
    for (let n = 0; n < 80; n += 1) {
      const answer = await counter.push()
      statuses.push(answer.status)
      if (answer.status === 200) continue
      expect(await codeOf(answer)).toBe('disk-fault')
      expect((await counter.pull()).status).toBe(200)
    }
    expect(statuses).toContain(503)
    expect(statuses.at(-1)).toBe(200)
    expect(lines.join('\n')).toContain('ALARM: the disk fails')
    console.log(
      `failing syncs: ${statuses.filter((status) => status === 503).length} pushes refused`,
    )
    kill()
    await ended
    await expectKept(join(folder, 'ledger.sqlite'), counter.answered)
  } finally {
    kill()
    rmSync(folder, { recursive: true })
  }
}, 60_000)
