// What is at stake: an entry that is taken as sent, or given up, because somebody in between gave
// an answer. Every answer that proxies, captive portals and a broken server are known to give, at
// every place where a tablet asks, against the real ledger: nothing is lost, the trouble is named,
// and when it is over everything arrives.
// The database must be there before anything that uses it is loaded.
import 'fake-indexeddb/auto'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { PROTOCOL, PROTOCOL_HEADER } from '#model/protocol.ts'
import { makeChain, MONDAY_10AM, openEmpty } from '#sql/test-ledger.ts'
import { openLocal } from '#web/local/database.ts'
import { outboxItems } from '#web/local/read.ts'
import { readStatus } from '#web/local/status.ts'
import { clerksOf } from '#web/local/unlock.ts'
import { createCustomer, tally } from '#web/local/write.ts'
import { onDatabase, openTablet, settleDown, type TestTablet, type World } from './test-tablet.ts'

vi.setConfig({ testTimeout: 120_000 })

const OWN = { [PROTOCOL_HEADER]: String(PROTOCOL) }
const HTML = { 'content-type': 'text/html' }
const PAGE = '<!doctype html><title>Sign in</title>'

function page(status: number, headers: Record<string, string> = {}): () => Response {
  const body = status === 204 ? null : PAGE
  return () => new Response(body, { status, headers: { ...HTML, ...headers } })
}

function problem(status: number, code: string, headers: Record<string, string> = {}) {
  const all = { ...OWN, 'content-type': 'application/problem+json', ...headers }
  return () => new Response(JSON.stringify({ code }), { status, headers: all })
}

function ours(body: string, type = 'application/json') {
  return () => new Response(body, { headers: { ...OWN, 'content-type': type } })
}

/** What came instead of the answer, the trouble that is shown, and the wait that was asked for. */
const ANSWERS: [string, () => Response, trouble: string, retryAfterMs: number | null][] = [
  ['a page with 200', page(200), 'sign-in-page', null],
  ['nothing with 204', page(204), 'sign-in-page', null],
  ['a redirect to a page', page(301, { location: 'http://portal/' }), 'sign-in-page', null],
  ['a page with 401', page(401), 'sign-in-page', null],
  ['a page with 403', page(403), 'sign-in-page', null],
  ['a page with 404', page(404), 'sign-in-page', null],
  ['a proxy that waited too long', page(408), 'offline', null],
  ['a page with 426', page(426), 'sign-in-page', null],
  ['a proxy with 429', page(429, { 'retry-after': '7' }), 'server', 7_000],
  ['a proxy with 500', page(500), 'server', null],
  ['a proxy with 502', page(502), 'server', null],
  ['a proxy with 503', page(503, { 'retry-after': '9' }), 'server', 9_000],
  ['a proxy with 504', page(504), 'server', null],
  ['a proxy with 507', page(507), 'server', null],
  ['a proxy that takes nothing so large', page(413), 'server', null],
  ['no session', problem(401, 'no-session'), 'signed-out', null],
  ['a revoked device', problem(403, 'device-revoked'), 'revoked', null],
  ['an app that is too old', problem(426, 'update-needed'), 'update', null],
  ['too many requests', problem(429, 'too-many', { 'retry-after': '3' }), 'server', 3_000],
  ['a server at its limit', problem(503, 'busy', { 'retry-after': '12' }), 'server', 12_000],
  ['a fault of the server', problem(500, 'fault'), 'server', null],
  ['a server whose disk is full', problem(507, 'storage'), 'server', null],
  ['a refusal nobody knows', problem(418, 'teapot'), 'server', null],
  ['an empty body', ours(''), 'offline', null],
  ['a body that is cut', ours('{"epoch":"01a2'), 'offline', null],
  ['another shape', ours('{"epoch":1}'), 'server', null],
  ['another type', ours(PAGE, 'text/html'), 'server', null],
]

const PLACES = ['push', 'pull', 'snapshot', 'part', 'clerks'] as const
type Place = (typeof PLACES)[number]

function isAt(place: Place, path: string): boolean {
  return place === 'part' ? path.includes('/part/') : path.endsWith(place)
}

let world: World
/** Reads everything, and has one entry that waits. */
let settled: TestTablet

beforeAll(async () => {
  world = { chain: await makeChain(await openEmpty('sqlite')), now: MONDAY_10AM }
  settled = await openTablet(world, 0)
  await settleDown([settled])
  await createCustomer(settled.local, settled.actor, { name: 'Ann Lee' })
  await settleDown([settled])
})

afterAll(() => world.chain.ledger.close())

/** A tablet whose cycle passes the place: new for the parts, else one that has them. */
async function tabletAt(place: Place): Promise<TestTablet> {
  const tablet = await openTablet(world, 0)
  if (place === 'push' || place === 'pull') await settleDown([tablet])
  return tablet
}

test.each(PLACES)('whatever is answered to a %s, nothing is lost', async (place) => {
  const tablet = await tabletAt(place)
  const { local, actor, engine } = tablet
  for (const [name, answer, trouble, retryAfterMs] of ANSWERS) {
    const isReady = (await readStatus(local)).hasSynced
    if (isReady) await tally(local, actor, 1)
    const before = (await outboxItems(local)).filter((item) => item.state === 'waiting')
    tablet.answerOf = (path) => (isAt(place, path) ? answer() : null)
    tablet.requests.length = 0
    const outcome = await engine.cycle()
    const ops = await local.db.op.toArray()
    for (const { op } of before)
      expect(
        ops.map((row) => row.op.op_id),
        `${name} at ${place}`,
      ).toContain(op.op_id)
    if (!tablet.requests.some((path) => isAt(place, path))) continue
    if (place === 'clerks') continue // Unlocking goes on with the keys of before.
    // JSON in the place of a part is not cut, it is of the wrong type.
    const isWrongType = place === 'part' && / body/.test(name)
    const shown = isWrongType ? 'server' : trouble
    expect({ name, ...(await readStatus(local)) }).toMatchObject({ name, trouble: shown })
    expect({ name, ...outcome }).toMatchObject({ name, ok: false, retryAfterMs })
    if (place === 'push') expect(await readStatus(local)).toMatchObject({ waiting: before.length })
    if (place === 'part' || place === 'snapshot')
      expect(await readStatus(local), name).toMatchObject({ hasSynced: false })
  }
  tablet.answerOf = () => null
  await settleDown([tablet])
  expect(await readStatus(local)).toMatchObject({ waiting: 0, refused: 0, trouble: null })
})

test.each(['self', 'renew'] as const)(
  'whatever is answered to an emptied tablet by %s, it finds its store in the end',
  async (place) => {
    const tablet = await openTablet(world, 0)
    await settleDown([tablet])
    for (const [name, answer] of ANSWERS.filter((_, index) => index % 3 === 0)) {
      const empty = await openLocal(tablet.local.deps, `${place}-${name}`)
      const found = onDatabase(tablet, empty, tablet.jar)
      found.answerOf = (path) => (path.endsWith(place) ? answer() : null)
      await found.engine.cycle()
      expect(await readStatus(empty), name).toMatchObject({ hasSynced: false })
      // As after a reload: a browser that was told it is nobody's asks again.
      const again = onDatabase(tablet, empty, tablet.jar)
      await settleDown([again])
      expect(await readStatus(empty), name).toMatchObject({ hasSynced: true, trouble: null })
      empty.close()
    }
  },
)

test('clerks can unlock the tablet while their keys cannot be fetched', async () => {
  const before = await clerksOf(settled.local)
  world.now += 3_600_000
  settled.answerOf = (path) => (path.endsWith('clerks') ? page(502)() : null)
  expect(await settled.engine.cycle()).toMatchObject({ ok: true })
  expect(await clerksOf(settled.local)).toEqual(before)
})
