// News over real sockets: what one tablet pushes, another of the same store hears of at once, and
// nobody else hears of it at all.
import { connect } from 'node:net'
import { v7 } from 'uuid'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Problem } from '#model/protocol.ts'
import type { Live } from './live.ts'
import { Admission } from './admission.ts'
import { Pokes } from './pokes.ts'
import { listen, serveWorld, until } from './test-listener.ts'
import {
  customerDraft,
  MORNING,
  openWorld,
  pushBody,
  sealAll,
  type Tablet,
  type World,
} from './test-world.ts'

const BEAT_MS = 250
const live: Live = {
  admission: new Admission({ atWork: 8, waiting: 100 }),
  pokes: new Pokes({ max: 100, heartbeatMs: BEAT_MS }),
}
let world: World
let place: Awaited<ReturnType<typeof serveWorld>>
beforeAll(async () => {
  world = await openWorld({}, ':memory:', live)
  place = await serveWorld(world)
})
afterAll(async () => {
  await place.stop()
  await world.close()
})

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
const ofDevice = (tablet: Tablet) => listen(`${place.url}/api/sync/poke`, tablet.cookie)
const ofDesk = (cookie: string) => listen(`${place.url}/api/desk/poke`, cookie)

/** A push over the network of one new customer. */
async function push(tablet: Tablet, actor: string): Promise<void> {
  const draft = customerDraft(tablet.store_id, v7(), 'Ann')
  const ops = sealAll(tablet, actor, [draft], MORNING)
  const answer = await fetch(`${place.url}/api/sync/push`, {
    method: 'POST',
    headers: { cookie: tablet.cookie, 'content-type': 'application/json' },
    body: JSON.stringify(pushBody(tablet, ops, MORNING)),
  })
  expect(answer.status).toBe(200)
}

test('a push is heard by another tablet of the store within a second, by no other', async () => {
  const { stores, tablets, staff } = world
  const [first, second] = [await world.enrol(stores.n1), await world.enrol(stores.n1)]
  const [near, far] = [await ofDevice(second), await ofDevice(tablets.s1)]
  await until(() => near.heard.length > 0 && far.heard.length > 0)
  expect(Object.keys(near.heard[0]?.poke.heads ?? {}).sort()).toEqual(['chain', stores.n1].sort())
  const pushedAt = performance.now()
  await push(first, staff.clerk)
  await until(() => near.heard.some(({ poke, at }) => at > pushedAt && poke.heads?.[stores.n1]))
  const news = near.heard.find(({ at }) => at > pushedAt)
  const tookMs = (news?.at ?? Infinity) - pushedAt
  console.log(`from the beginning of a push to the poke: ${Math.round(tookMs)} ms`)
  expect(tookMs).toBeLessThan(1_000)
  await sleep(200)
  const named = new Set(far.heard.flatMap(({ poke }) => Object.keys(poke.heads ?? {})))
  expect([...named].sort()).toEqual(['chain', stores.s1].sort())
  near.leave()
  far.leave()
})

test('a stream is not packed or kept, has a heartbeat, and tells when to come again', async () => {
  const stream = await ofDevice(world.tablets.n1)
  expect(stream.status).toBe(200)
  expect(stream.headers.get('content-type')).toMatch(/^text\/event-stream/)
  expect(stream.headers.get('content-encoding')).toBeNull()
  expect(stream.headers.get('cache-control')).toBe('no-store')
  await until(() => stream.beats() >= 2)
  stream.leave()
  await until(() => live.pokes.size === 0)
})

test('a person hears of the stores in scope, and that the dashboard has news', async () => {
  const { stores, desk, staff } = world
  const [north, hq] = [await ofDesk(desk.regional), await ofDesk(desk.hq)]
  const south = await world.enrol(stores.s1)
  await push(south, staff.southClerk)
  await until(() => hq.heard.some(({ poke }) => poke.heads?.[stores.s1] && poke.fleet))
  await sleep(1_200)
  expect(north.heard).toEqual([])
  const tablet = await world.enrol(stores.n2)
  await push(tablet, staff.clerk) // Refused, as the clerk is not of that store; heard all the same.
  await until(() => north.heard.some(({ poke }) => poke.fleet))
  const named = new Set(north.heard.flatMap(({ poke }) => Object.keys(poke.heads ?? {})))
  expect([...named].filter((feed) => feed !== stores.n1 && feed !== stores.n2)).toEqual([])
  north.leave()
  hq.leave()
})

test('a device has four streams at most: the oldest is closed', async () => {
  const tablet = await world.enrol(world.stores.n1)
  const streams: Awaited<ReturnType<typeof ofDevice>>[] = []
  for (let n = 0; n < 5; n += 1) streams.push(await ofDevice(tablet))
  await until(() => streams[0]?.isOpen() === false)
  await sleep(2 * BEAT_MS)
  expect(streams.map((stream) => stream.isOpen())).toEqual([false, true, true, true, true])
  for (const stream of streams) stream.leave()
})

test('a stream ends with the device’s session, and with that of a person who leaves', async () => {
  const tablet = await world.enrol(world.stores.n1)
  const staff_id = await world.hire('hq', [])
  const [device, person] = [await ofDevice(tablet), await ofDesk(await world.enter(staff_id))]
  const as = world.desk.admin
  await world.ask('POST', `/api/admin/devices/${tablet.device_id}/revoke`, { as })
  await device.ended
  const left = { kind: 'staff', record_id: staff_id, type: 'set', payload: { state: 'left' } }
  await world.ask('POST', '/api/admin/write', { as, body: { drafts: [left] } })
  await person.ended
  expect([device.isOpen(), person.isOpen()]).toEqual([false, false])
})

test('a reader who does not read is let go, and others hear on', async () => {
  const other = await ofDesk(world.desk.hq)
  const socket = connect(place.port, '127.0.0.1')
  const isClosed = new Promise((resolve) => socket.on('error', resolve).on('close', resolve))
  socket.pause()
  socket.write(`GET /api/desk/poke HTTP/1.1\r\nHost: a\r\nCookie: ${world.desk.admin}\r\n\r\n`)
  await until(() => live.pokes.size === 2)
  // News of thousands of stores at once fills whatever the network holds for the reader.
  const feeds = Array.from({ length: 5_000 }, () => v7())
  for (let n = 1; live.pokes.size === 2 && n < 200; n += 1) {
    live.pokes.hear(Object.fromEntries(feeds.map((feed) => [feed, n])))
    await sleep(100)
  }
  expect(live.pokes.size).toBe(1)
  expect(other.isOpen()).toBe(true)
  socket.resume()
  await isClosed
  other.leave()
}, 60_000)

test('beyond what the server holds, a device is told to come later and polls meanwhile', async () => {
  const full = await openWorld({}, ':memory:', { ...live, pokes: new Pokes({ max: 1 }) })
  const ask = () => full.ask('GET', '/api/sync/poke', { as: full.tablets.n1.cookie })
  expect((await ask()).status).toBe(200)
  const turnedAway = await ask()
  expect([turnedAway.status, ((await turnedAway.json()) as Problem).code]).toEqual([503, 'busy'])
  expect(Number(turnedAway.headers.get('retry-after'))).toBeGreaterThan(0)
  await full.close()
})

test('news for thousands is spread, so that they do not all come at once', async () => {
  const pokes = new Pokes({ max: 1_000 })
  const said: number[] = []
  for (let n = 0; n < 200; n += 1) {
    const feeds = new Set(['chain'])
    const check = () => Promise.resolve(feeds)
    const stream = pokes.open({ key: `d${n}`, who: 'device', feeds, check, cut: () => undefined })
    const reader = stream?.body.getReader()
    void (async () => {
      for (;;) {
        const { done, value } = (await reader?.read()) ?? { done: true, value: undefined }
        if (done) return
        if (Buffer.from(value ?? []).includes('heads')) said.push(performance.now())
      }
    })()
  }
  pokes.hear({ chain: 7 })
  await until(() => said.length === 200)
  expect(Math.max(...said) - Math.min(...said)).toBeGreaterThan(250)
  pokes.close()
})
