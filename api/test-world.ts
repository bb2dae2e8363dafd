import { createHash, randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { v7 } from 'uuid'
import { must } from '#model/assert.ts'
import { type DeviceHead, type Draft, firstHash, headAfter, type Op, sealOp } from '#model/op.ts'
import type { EnrolReply, Health, Problem } from '#model/protocol.ts'
import type { Role } from '#model/staff.ts'
import { openLedger } from '#sql/open-ledger.ts'
import { nodePorts } from '#sql/ports.ts'
import { openAccountFile } from './account-database.ts'
import { openAccounts } from './accounts.ts'
import { createApp, routesOf } from './app.ts'
import type { Deps } from './deps.ts'
import { followHeads } from './heads.ts'
import { LIVE_DEFAULTS, makeLive } from './live.ts'
import { createLog } from './log.ts'

// A small real chain for the tests of this folder: two regions, three stores, a person of each
// role with an account, a tablet in each store. Nothing is mocked; only clock and log are ours.

/** Monday 2026-11-16, 10:00 in Shanghai. */
export const MORNING = Date.UTC(2026, 10, 16, 2)
export const PASSWORD = 'a long enough password'

export interface Asked {
  as?: string
  body?: unknown
  headers?: Record<string, string>
}

export interface Tablet {
  device_id: string
  store_id: string
  cookie: string
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

export const cookiesOf = (answer: Response) =>
  answer.headers
    .getSetCookie()
    .map((cookie) => must(cookie.split(';')[0], 'a cookie'))
    .join('; ')

/** An app on an empty ledger, and a way to ask it that gives the answer's JSON as well. */
export async function openEmptyWorld(
  settings: Partial<Deps> = {},
  ledgerUrl = ':memory:',
  live = makeLive(LIVE_DEFAULTS),
) {
  const folder = mkdtempSync(join(tmpdir(), 'regulars-api-'))
  const ledger = await openLedger(ledgerUrl, nodePorts)
  const secret = 'a secret of tests, thirty-two or more'
  const isHttps = settings.isHttps ?? false
  const accounts = await openAccounts(openAccountFile(join(folder, 'accounts.sqlite')), {
    secret,
    publicOrigin: null,
    isHttps,
  })
  const time = { now: MORNING }
  const deps: Deps = {
    ledger,
    accounts,
    files: new Map(),
    clock: () => time.now,
    random: randomBytes,
    log: createLog('silent'),
    secret,
    publicOrigin: null,
    isHttps,
    trustsProxy: false,
    ...settings,
  }
  const app = createApp(deps, routesOf(deps, live))
  const heads = followHeads(ledger, live.pokes, deps.log)
  const ask = async (method: string, path: string, { as, body, headers = {} }: Asked = {}) =>
    app.request(path, {
      method,
      headers: {
        ...(as === undefined ? {} : { cookie: as }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined
        ? {}
        : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
  const close = async () => {
    live.pokes.close()
    await heads.stop()
    await Promise.all([ledger.close(), accounts.close()])
    rmSync(folder, { recursive: true })
  }
  return { app, deps, live, ledger, accounts, time, ask, close }
}

export type EmptyWorld = Awaited<ReturnType<typeof openEmptyWorld>>

export const SETUP = {
  chain_name: '熟客茶行',
  zone: 'Asia/Shanghai',
  currency: 'CNY',
  country: 'CN',
  admin_name: 'Ada',
  email: 'admin@example.com',
  password: PASSWORD,
}

export async function signIn({ ask }: EmptyWorld, email: string, password = PASSWORD) {
  const answer = await ask('POST', '/api/auth/sign-in', { body: { email, password } })
  if (answer.status !== 200) throw new Error(`sign-in answered ${answer.status}`)
  return cookiesOf(answer)
}

/** Founds the chain through the API, as an administrator would. */
export async function openWorld(...settings: Parameters<typeof openEmptyWorld>) {
  const world = await openEmptyWorld(...settings)
  const { ask } = world
  await ask('POST', '/api/setup', { body: SETUP })
  const admin = await signIn(world, SETUP.email)
  const regions = { north: v7(), south: v7() }
  const stores = { n1: v7(), n2: v7(), s1: v7() }
  const place = { zone: 'Asia/Shanghai', currency: 'CNY', country: 'CN' }
  const create = (kind: string, record_id: string, payload: object) => ({
    kind,
    record_id,
    type: 'create',
    payload,
  })
  const drafts = [
    create('region', regions.north, { name: 'North' }),
    create('region', regions.south, { name: 'South' }),
    create('store', stores.n1, { name: 'N1', region_id: regions.north, ...place }),
    create('store', stores.n2, { name: 'N2', region_id: regions.north, ...place }),
    create('store', stores.s1, { name: 'S1', region_id: regions.south, ...place }),
  ]
  await ask('POST', '/api/admin/write', { as: admin, body: { drafts } })
  const hire = async (role: Role, store_ids: string[], region_id: string | null = null) => {
    const staff_id = v7()
    const draft = create('staff', staff_id, { name: `A ${role}`, role, store_ids, region_id })
    await ask('POST', '/api/admin/write', { as: admin, body: { drafts: [draft] } })
    return staff_id
  }
  const staff = {
    hq: await hire('hq', []),
    regional: await hire('regional', [], regions.north),
    manager: await hire('store-manager', [stores.n1]),
    clerk: await hire('clerk', [stores.n1]),
    southClerk: await hire('clerk', [stores.s1]),
  }
  const enter = async (staff_id: string) => {
    const email = `${staff_id}@example.com`
    await world.accounts.createAccount({ staff_id, email, password: PASSWORD })
    return signIn(world, email)
  }
  const desk = {
    admin,
    hq: await enter(staff.hq),
    regional: await enter(staff.regional),
    manager: await enter(staff.manager),
  }
  const enrol = async (store_id: string): Promise<Tablet> => {
    const given = await ask('POST', '/api/admin/enrolments', {
      as: admin,
      body: { store_id, name: 'Counter' },
    })
    const { code } = (await given.json()) as { code: string }
    const answer = await ask('POST', '/api/devices/enrol', { body: { code } })
    const { device_id } = (await answer.json()) as EnrolReply
    return { device_id, store_id, cookie: cookiesOf(answer) }
  }
  const tablets = { n1: await enrol(stores.n1), s1: await enrol(stores.s1) }
  return { ...world, regions, stores, staff, desk, tablets, hire, enter, enrol }
}

export type World = Awaited<ReturnType<typeof openWorld>>

export const health = (now: number): Health => ({
  app_version: 'test',
  schema: 1,
  client_now: now,
  max_n: 0,
  unsent: 0,
  oldest_unsent_at: null,
  persisted: true,
  usage_bytes: null,
  quota_bytes: null,
})

/** The ops that a tablet makes of drafts, from its first one on or after `head`. */
export function sealAll(
  tablet: Tablet,
  actor_id: string,
  drafts: readonly Draft[],
  at: number,
  head: DeviceHead = { n: 0, op_id: null, hash: firstHash(tablet.device_id) },
): Op[] {
  let last = head
  return drafts.map((draft) => {
    const envelope = {
      op_id: v7(),
      actor_id,
      unlock_id: v7(),
      base_seq: 0,
      ts_wall: at,
      offset_ms: 0,
      ts_mono: 1,
    }
    const op = sealOp(draft, last, envelope, sha256)
    last = headAfter(op)
    return op
  })
}

/** A new customer of the store, with the given name. */
export function customerDraft(store_id: string, record_id: string, name: string): Draft {
  const payload = { name, phone: '+8613800138000', note: 'likes oolong', home_store_id: store_id }
  return { store_id, kind: 'customer', record_id, type: 'create', payload }
}

export const pushBody = (tablet: Tablet, ops: readonly Op[], now: number) => ({
  device_id: tablet.device_id,
  epoch: null,
  health: health(now),
  ops,
})

export const pullBody = (tablet: Tablet, feeds: readonly string[], now: number) => ({
  device_id: tablet.device_id,
  health: health(now),
  feeds: Object.fromEntries(feeds.map((feed) => [feed, { cursor: 0, epoch: null }])),
  limit: 500,
})

/** What a refusal says: its status, its code and, where it names one, the field. */
export async function problemOf(answer: Response): Promise<(number | string)[]> {
  const { code, detail } = (await answer.json()) as Problem
  return detail === undefined ? [answer.status, code] : [answer.status, code, detail]
}
