// What is at stake: a change that another tablet of the store shows too late, a thousand tablets
// that ask at once, or one that asks without need. Two tablets on the real ledger, whose commits
// are told to their streams as the server does; time is real where a second is promised.
// The database must be there before anything that uses it is loaded.
import 'fake-indexeddb/auto'
import { expect, onTestFinished, test, vi } from 'vitest'
import { CHAIN } from '#model/id.ts'
import { makeChain, MONDAY_10AM, openEmpty } from '#sql/test-ledger.ts'
import { writeDrafts } from '#sql/write.ts'
import { getCustomer, getReference, outboxItems } from '#web/local/read.ts'
import { createCustomer } from '#web/local/write.ts'
import { type Heads, Pokes, type Stream } from './poke.ts'
import { Station } from './station.ts'
import { openTablet, settleDown, type TestTablet, type World } from './test-tablet.ts'

vi.setConfig({ testTimeout: 30_000 })

async function openWorld(): Promise<World> {
  return { chain: await makeChain(await openEmpty('sqlite')), now: MONDAY_10AM }
}

/** The stream of one tablet, at the other end of which stands the ledger. */
class TestStream implements Stream {
  onopen: Stream['onopen'] = null
  onmessage: Stream['onmessage'] = null
  onerror: Stream['onerror'] = null
  isClosed = false

  say(data: string): void {
    this.onmessage?.(new MessageEvent('message', { data }))
  }

  poke(heads: Heads): void {
    this.say(JSON.stringify({ heads }))
  }

  close(): void {
    this.isClosed = true
  }
}

interface Standing {
  station: Station
  tablet: TestTablet
  streams: TestStream[]
  lives: boolean[]
}

function stand(tablet: TestTablet): Standing {
  const standing = { streams: [] as TestStream[], lives: [] as boolean[] }
  const { ledger, stores } = tablet.world.chain
  const station = new Station({
    ...tablet.engineDeps,
    now: () => performance.now(),
    random: () => Math.random(),
    after(delayMs, call) {
      const timer = setTimeout(call, delayMs).unref()
      return () => clearTimeout(timer)
    },
    openStream: () => {
      const stream = new TestStream()
      standing.streams.push(stream)
      queueMicrotask(() => stream.onopen?.(new Event('open')))
      return stream
    },
    onLive: (isLive) => standing.lives.push(isLive),
    onBug: (bug) => {
      throw bug
    },
  })
  const isOwn = (feed: string) => feed === CHAIN || feed === stores[0]
  const unlisten = ledger.onHeads((heads) => {
    const own = Object.fromEntries(Object.entries(heads).filter(([feed]) => isOwn(feed)))
    const open = standing.streams.filter((stream) => !stream.isClosed)
    if (Object.keys(own).length > 0) for (const stream of open) stream.poke(own)
  })
  onTestFinished(() => {
    station.stop()
    unlisten()
  })
  return { station, tablet, ...standing }
}

async function standTwo(): Promise<[Standing, Standing]> {
  const world = await openWorld()
  const tablets = [await openTablet(world, 0), await openTablet(world, 0)] as const
  await settleDown(tablets)
  const [one, two] = [stand(tablets[0]), stand(tablets[1])]
  for (const { station } of [one, two]) station.wake('nudge')
  await vi.waitFor(() => expect([one.lives, two.lives]).toEqual([[true], [true]]))
  for (const { tablet } of [one, two]) {
    await vi.waitFor(() => expect(tablet.phases.at(-1)).toBe('idle'))
    tablet.requests.length = 0
  }
  return [one, two]
}

test('a change on one tablet is on another of the store within a second', async () => {
  const [one, two] = await standTwo()
  const writtenAt = performance.now()
  const { local, actor } = one.tablet
  const customer = await createCustomer(local, actor, { name: 'Ann Lee' })
  await vi.waitFor(
    async () => expect(await getCustomer(two.tablet.local, customer)).not.toBeNull(),
    { timeout: 5_000, interval: 10 },
  )
  expect(performance.now() - writtenAt).toBeLessThan(1_000)
  await vi.waitFor(async () => expect(await outboxItems(local)).toEqual([]))
  await new Promise((resolve) => setTimeout(resolve, 300))
  // Its own news do not make a tablet ask again.
  expect(one.tablet.requests).toEqual(['/api/sync/push', '/api/sync/pull'])
  expect(two.tablet.requests).toEqual(['/api/sync/pull'])
})

test('a poke about what is here already, or that nobody can read, asks for nothing', async () => {
  const [one] = await standTwo()
  const [stream] = one.streams
  const { stores } = one.tablet.world.chain
  stream?.poke({ [stores[0]]: 0 })
  stream?.poke({ [stores[2]]: 1e9 })
  stream?.say('<html>')
  stream?.say('{"heads":7}')
  stream?.say('{"fleet":true}')
  await new Promise((resolve) => setTimeout(resolve, 200))
  expect(one.tablet.requests).toEqual([])
})

test('news of the chain are fetched by each tablet at its own moment', async () => {
  const [one, two] = await standTwo()
  vi.spyOn(Math, 'random').mockReturnValue(0.04)
  onTestFinished(() => void vi.restoreAllMocks())
  const { ledger, admin, tags } = one.tablet.world.chain
  const draft = { store_id: CHAIN, kind: 'tag', record_id: tags[0], type: 'set' as const }
  await writeDrafts(ledger, admin, [{ ...draft, payload: { label: 'Dry' } }], MONDAY_10AM)
  await new Promise((resolve) => setTimeout(resolve, 100))
  expect(two.tablet.requests).toEqual([])
  await vi.waitFor(async () => {
    expect((await getReference(two.tablet.local)).tags.get(tags[0])?.label).toBe('Dry')
  })
})

test('a hidden tab leaves the stream, and takes it up again when it is looked at', async () => {
  const [one] = await standTwo()
  one.station.setVisible(false)
  await vi.waitFor(() => expect(one.streams[0]?.isClosed).toBe(true))
  expect(one.lives).toEqual([true, false])
  one.station.setVisible(true)
  await vi.waitFor(() => expect(one.lives).toEqual([true, false, true]))
  expect(one.streams).toHaveLength(2)
})

test('a stream that breaks is opened again by full jitter, ever more rarely', () => {
  const waits: number[] = []
  let due: (() => void) | null = null
  const streams: TestStream[] = []
  const pokes = new Pokes({
    open: () => {
      const stream = new TestStream()
      streams.push(stream)
      return stream
    },
    random: () => 0.5,
    after(delayMs, call) {
      waits.push(delayMs)
      due = call
      return () => (due = null)
    },
    onHeads: () => undefined,
    onLive: () => undefined,
  })
  pokes.setWanted(true)
  for (let failure = 0; failure < 9; failure += 1) {
    streams.at(-1)?.onerror?.(new Event('error'))
    const call = due as (() => void) | null
    call?.()
  }
  expect(streams.slice(0, -1).every((stream) => stream.isClosed)).toBe(true)
  expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 60_000])
  streams.at(-1)?.onopen?.(new Event('open'))
  streams.at(-1)?.onerror?.(new Event('error'))
  expect(waits.at(-1)).toBe(1_000)
  pokes.setWanted(false)
  expect(due).toBeNull()
})

test('where the browser has no streams, polling goes on alone', () => {
  const pokes = new Pokes({
    open: null,
    random: Math.random,
    after: () => () => undefined,
    onHeads: () => expect.unreachable(),
    onLive: () => expect.unreachable(),
  })
  pokes.setWanted(true)
  pokes.setWanted(false)
  expect(pokes).toBeDefined()
})
