// What is at stake: one person known twice. Made one, nobody may be counted twice or not at all, no
// closed day may change, nothing that an old tablet still sends may be lost, and it can be undone.
import { expect } from 'vitest'
import { figureKey } from '#model/figures.ts'
import { HOME } from '#model/figures.ts'
import { presentHome } from './forwards.ts'
import { recount } from './recount.ts'
import { replay } from './replay.ts'
import { chainCustomer, searchChain } from './search.ts'
import { stateHash } from './state-hash.ts'
import { scopeFaults } from './test-scope.ts'
import {
  enrolTablet,
  type EngineName,
  id,
  makeChain,
  MONDAY_10AM,
  onBothEngines,
  openEmpty,
  recounted,
  type Tablet,
  type TestChain,
} from './test-ledger.ts'
import { type TimedDraft, writeDrafts } from './write.ts'

const DAY = 86_400_000
const TODAY = Math.floor(MONDAY_10AM / DAY)
const PHONE = '+8613857123456'
const LATER = MONDAY_10AM + 40 * DAY

interface Cast {
  chain: TestChain
  a: Tablet
  b: Tablet
  /** Of store 0, seen three days ago. */
  twice: string
  /** Of store 1, seen twenty days ago. */
  person: string
}

async function makeCast(engine: EngineName): Promise<Cast> {
  const chain = await makeChain(await openEmpty(engine))
  const [a, b] = [await enrolTablet(chain, 0), await enrolTablet(chain, 1)]
  const [twice, person] = [id(), id()]
  await a.push([
    a.customer(twice, { phone: PHONE, name: '王芳芳' }, MONDAY_10AM - 30 * DAY),
    a.visit(twice, chain.stores[0], MONDAY_10AM - 3 * DAY),
  ])
  await b.push([
    b.customer(person, { name: '王芳' }, MONDAY_10AM - 60 * DAY),
    b.visit(person, chain.stores[1], MONDAY_10AM - 20 * DAY),
  ])
  return { chain, a, b, twice, person }
}

function mergeDraft({ chain, twice, person }: Cast, at = MONDAY_10AM): TimedDraft {
  const [home_store_id = '', into_home_store_id = ''] = chain.stores
  const payload = { home_store_id, into_id: person, into_home_store_id }
  return { ...own('customer', twice, home_store_id), type: 'merge', payload, at }
}

function own(kind: string, record_id: string, store_id: string) {
  return { kind, record_id, store_id }
}

function unmergeDraft({ chain, twice }: Cast, at: number): TimedDraft {
  const [home_store_id = ''] = chain.stores
  const payload = { home_store_id }
  return { ...own('customer', twice, home_store_id), type: 'unmerge', payload, at }
}

async function write({ chain }: Cast, draft: TimedDraft, now = MONDAY_10AM) {
  const [result] = await writeDrafts(
    chain.ledger,
    chain.admin,
    [draft],
    Math.max(now, draft.at ?? 0),
  )
  return result?.reason ?? result?.status
}

async function figureOf({ chain }: Cast, store: number, day: number, metric: string) {
  const rows = await chain.ledger.db.select().from(chain.ledger.t.metricDay)
  const key = figureKey('d', HOME, day, metric)
  const row = rows.find(
    (one) =>
      one.store_id === chain.stores[store] &&
      figureKey('d', one.scope, one.day, one.metric) === key,
  )
  return row?.value ?? 0
}

async function movementsOf({ chain }: Cast, customer: string) {
  const { movement } = chain.ledger.t
  const rows = await chain.ledger.db.select().from(movement)
  return rows
    .filter((row) => row.customer_id === customer)
    .sort((x, y) => x.day - y.day)
    .map((row) => [chain.stores.indexOf(row.store_id), row.kind, row.day - TODAY])
}

/** What must hold after anything: kept is recounted, and every feed has what is in its scope. */
async function expectSound({ chain: { ledger } }: Cast, days = [0, 1, 40]): Promise<void> {
  expect(await recounted(ledger)).toEqual([])
  expect(await scopeFaults(ledger)).toEqual([])
  for (const day of days)
    expect((await recount(ledger, TODAY + day, LATER)).faults, `day ${day}`).toEqual([])
}

async function close({ chain }: Cast): Promise<void> {
  await chain.ledger.close()
}

onBothEngines('one of two records leaves on the day, and the past stays', async (engine) => {
  const cast = await makeCast(engine)
  const { ledger, stores } = cast.chain
  expect(await write(cast, mergeDraft(cast))).toBe('applied')
  expect(await movementsOf(cast, cast.twice)).toEqual([
    [0, 'new', -3],
    [0, 'merged', 0],
  ])
  expect(await movementsOf(cast, cast.person)).toEqual([
    [1, 'new', -20],
    [1, 'lost', 70],
  ])
  expect(await figureOf(cast, 0, TODAY, 'merged')).toBe(1)
  expect(await figureOf(cast, 0, TODAY, 'active')).toBe(-1)
  expect(await figureOf(cast, 0, TODAY - 3, 'active')).toBe(1)
  expect(await presentHome(ledger, stores[0] ?? '', cast.twice)).toBe(stores[1])
  await expectSound(cast)
  await close(cast)
})

onBothEngines('whoever knew the one gets to know the other', async (engine) => {
  const cast = await makeCast(engine)
  const { ledger, stores } = cast.chain
  await write(cast, mergeDraft(cast))
  const rows = await ledger.db.select().from(ledger.t.feedRow)
  const stateOf = (store: number, customer: string) =>
    rows.find((row) => row.store_id === stores[store] && row.id === customer)
  expect(stateOf(0, cast.twice)?.state).toBe('leave')
  expect(stateOf(0, cast.person)?.body).toMatchObject({ parts: [cast.twice], note: null })
  expect(stateOf(1, cast.twice)?.body).toMatchObject({ merged_into: cast.person })
  expect(stateOf(1, cast.person)?.body).toMatchObject({ parts: [cast.twice] })
  const found = await searchChain(ledger, PHONE)
  expect(found.customers.map((one) => one.id)).toEqual([cast.person])
  const shown = await chainCustomer(ledger, stores[0] ?? '', cast.twice)
  expect(shown?.customer.id).toBe(cast.person)
  expect(shown?.history.map((row) => row.day - TODAY).sort((x, y) => x - y)).toEqual([-20, -3])
  await close(cast)
})

onBothEngines('what an old tablet still sends is the person’s, by its day', async (engine) => {
  const cast = await makeCast(engine)
  const { a, chain, twice, person } = cast
  const { ledger, stores } = chain
  await write(cast, mergeDraft(cast))
  const said = (payload: object, at: number) =>
    a.seal(
      {
        ...own('customer', twice, chain.stores[0]),
        type: 'set',
        payload: { home_store_id: stores[0], ...payload },
      },
      at,
    )
  const { results } = await a.push(
    [
      a.visit(twice, stores[0], MONDAY_10AM - 10 * DAY),
      a.visit(twice, stores[0], MONDAY_10AM + 5 * DAY),
      said({ email: 'before@example.com' }, MONDAY_10AM - DAY),
      said({ tier: 'gold' }, MONDAY_10AM + DAY),
    ],
    MONDAY_10AM + 6 * DAY,
  )
  expect(results.map((result) => result.status)).toEqual(Array(4).fill('applied'))
  expect(await movementsOf(cast, twice)).toEqual([
    [0, 'new', -10],
    [0, 'merged', 0],
  ])
  expect(await movementsOf(cast, person)).toEqual([
    [1, 'new', -20],
    [1, 'lost', 95],
  ])
  const people = await ledger.db.select().from(ledger.t.customer)
  const kept = (one: string) => people.find((row) => row.id === one)
  expect([kept(person)?.tier, kept(person)?.email]).toEqual(['gold', null])
  expect([kept(twice)?.tier, kept(twice)?.email]).toEqual([null, 'before@example.com'])
  await expectSound(cast)
  await close(cast)
})

onBothEngines(
  'a store that comes to know one record knows all that it is part of',
  async (engine) => {
    const cast = await makeCast(engine)
    const { b, chain, twice, person } = cast
    const [first = '', second = ''] = chain.stores
    const whole = id()
    await b.push([b.customer(whole, {}, MONDAY_10AM - 50 * DAY)])
    const elsewhere = await enrolTablet(chain, 2)
    const said = { ...own('customer', twice, first), store_id: chain.stores[2] }
    const payload = { home_store_id: first, tier: 'gold' }
    const edit = elsewhere.seal({ ...said, type: 'set', payload }, MONDAY_10AM - DAY)
    expect(await write(cast, mergeDraft(cast))).toBe('applied')
    const into = { home_store_id: second, into_id: whole, into_home_store_id: second }
    const merge: TimedDraft = { ...own('customer', person, second), type: 'merge', payload: into }
    expect(await write(cast, merge)).toBe('applied')
    const { results } = await elsewhere.push([edit], MONDAY_10AM + DAY)
    expect(results[0]?.status).toBe('applied')
    const { customerLink } = chain.ledger.t
    const links = await chain.ledger.db.select().from(customerLink)
    const known = links.filter((link) => link.linked_store_id === chain.stores[2])
    expect(new Set(known.map((link) => link.customer_id))).toEqual(new Set([twice, person, whole]))
    await expectSound(cast)
    await close(cast)
  },
)

onBothEngines('undone, both stand where they stood, from that day on', async (engine) => {
  const cast = await makeCast(engine)
  const { a, chain, twice, person } = cast
  const { ledger, stores } = chain
  await write(cast, mergeDraft(cast))
  await a.push([a.visit(twice, stores[0], MONDAY_10AM + 2 * DAY)], MONDAY_10AM + 2 * DAY)
  expect(await write(cast, unmergeDraft(cast, MONDAY_10AM + 10 * DAY))).toBe('applied')
  await a.push([a.visit(twice, stores[0], MONDAY_10AM + 30 * DAY)], MONDAY_10AM + 30 * DAY)
  expect(await movementsOf(cast, twice)).toEqual([
    [0, 'new', -3],
    [0, 'merged', 0],
    [0, 'unmerged', 10],
    [0, 'lost', 120],
  ])
  expect(await movementsOf(cast, person)).toEqual([
    [1, 'new', -20],
    [1, 'lost', 92],
  ])
  expect(await presentHome(ledger, stores[1] ?? '', twice)).toBe(stores[0])
  await expectSound(cast)
  await close(cast)
})

onBothEngines(
  'undone, the days of its tags are those of the home it goes back to',
  async (engine) => {
    const cast = await makeCast(engine)
    const { a, chain, twice } = cast
    const [home_store_id = '', present = ''] = chain.stores
    // Where the store is, it is the next day already; by UTC it is not.
    const night = Date.UTC(2026, 9, 31, 22)
    const payload = { tag_id: chain.tags[0], source: 'staff', home_store_id }
    const tag = { kind: 'tagging', record_id: twice, type: 'tag+' as const, payload }
    await a.push([a.seal(tag, night)])
    await write(cast, mergeDraft(cast))
    const at = MONDAY_10AM + 2 * DAY
    const undo = { ...own('customer', twice, present), payload: { home_store_id: present }, at }
    expect(await write(cast, { ...undo, type: 'unmerge' })).toBe('applied')
    await expectSound(cast)
    await close(cast)
  },
)

onBothEngines('undone on the same day, it never was', async (engine) => {
  const cast = await makeCast(engine)
  const { a, chain, twice } = cast
  await write(cast, mergeDraft(cast))
  await a.push([a.visit(twice, chain.stores[0], MONDAY_10AM + 2 * DAY)], MONDAY_10AM + 2 * DAY)
  const undone = unmergeDraft(cast, MONDAY_10AM + 60_000)
  expect(await write(cast, undone, MONDAY_10AM + 3 * DAY)).toBe('applied')
  expect(await movementsOf(cast, twice)).toEqual([
    [0, 'new', -3],
    [0, 'lost', 92],
  ])
  expect(await movementsOf(cast, cast.person)).toEqual([
    [1, 'new', -20],
    [1, 'lost', 70],
  ])
  const people = await cast.chain.ledger.db.select().from(cast.chain.ledger.t.customer)
  expect(people.map((row) => [row.merges, row.absorbed, row.merged_into, row.homes])).toEqual([
    [null, null, null, null],
    [null, null, null, null],
  ])
  await expectSound(cast)
  await close(cast)
})

onBothEngines('a person who moves or is forgotten takes all records along', async (engine) => {
  const cast = await makeCast(engine)
  const { chain, twice, person } = cast
  const { ledger, stores } = chain
  const home_store_id = stores[0] ?? ''
  await write(cast, mergeDraft(cast))
  const to = { home_store_id, to_store_id: stores[2] }
  const move: TimedDraft = { ...own('transfer', twice, home_store_id), type: 'set', payload: to }
  expect(await write(cast, move)).toBe('applied')
  expect(await presentHome(ledger, stores[1] ?? '', person)).toBe(stores[2])
  expect(await presentHome(ledger, home_store_id, twice)).toBe(stores[2])
  await expectSound(cast)
  const payload = { home_store_id, cause: 'request' }
  const erase: TimedDraft = { ...own('customer', twice, home_store_id), type: 'erase', payload }
  expect(await write(cast, erase)).toBe('applied')
  const people = await ledger.db.select().from(ledger.t.customer)
  expect(people.map((row) => row.name)).toEqual(['', ''])
  const left = JSON.stringify([people, await ledger.db.select().from(ledger.t.op)])
  expect([left.includes(twice), left.includes(person), left.includes(PHONE)]).toEqual([
    false,
    false,
    false,
  ])
  await expectSound(cast)
  await close(cast)
})

onBothEngines('one of two who were one is forgotten alone', async (engine) => {
  const cast = await makeCast(engine)
  const { a, chain, twice, person } = cast
  const { ledger, stores } = chain
  const home_store_id = stores[0] ?? ''
  await write(cast, mergeDraft(cast))
  const said = { home_store_id, tier: 'gold' }
  await a.push(
    [
      a.visit(twice, home_store_id, MONDAY_10AM + DAY),
      a.seal(
        { ...own('customer', twice, home_store_id), type: 'set', payload: said },
        MONDAY_10AM + DAY,
      ),
    ],
    MONDAY_10AM + DAY,
  )
  await write(cast, unmergeDraft(cast, MONDAY_10AM + 3 * DAY))
  const payload = { home_store_id, cause: 'request' }
  const erase: TimedDraft = { ...own('customer', twice, home_store_id), type: 'erase', payload }
  expect(await write(cast, { ...erase, at: MONDAY_10AM + 4 * DAY })).toBe('applied')
  const people = await ledger.db.select().from(ledger.t.customer)
  expect(people.map((row) => row.name).sort()).toEqual(['', '王芳'])
  expect(JSON.stringify(people)).not.toContain(twice)
  const one = people.find((row) => row.id === person)
  const other = people.find((row) => row.id !== person)
  expect(one?.absorbed?.map((part) => part.customer_id)).toEqual([other?.id])
  expect(one?.tier).toBe('gold')
  await expectSound(cast)
  const copy = await openEmpty(engine)
  await replay(ledger, copy)
  // Only who was linked for the sake of the merge is not told again.
  const links = new Set(['customerLink'] as const)
  expect(await stateHash(copy, links)).toBe(await stateHash(ledger, links))
  await copy.close()
  await close(cast)
})

onBothEngines('what makes no sense is refused, and changes nothing', async (engine) => {
  const cast = await makeCast(engine)
  const { a, chain, twice, person } = cast
  const [home = ''] = chain.stores
  const itself = {
    ...mergeDraft(cast),
    payload: { ...mergeDraft(cast).payload, into_id: twice, into_home_store_id: home },
  }
  expect(await write(cast, itself)).toBe('malformed')
  expect(await write(cast, unmergeDraft(cast, MONDAY_10AM))).toBe('merged')
  const nobody = { ...mergeDraft(cast), payload: { ...mergeDraft(cast).payload, into_id: id() } }
  expect(await write(cast, nobody)).toBe('unknown-customer')
  const { results } = await a.push([
    a.seal({
      ...own('customer', twice, chain.stores[0]),
      type: 'merge',
      payload: mergeDraft(cast).payload,
    }),
  ])
  expect(results.map((result) => result.reason)).toEqual(['role'])
  expect(await write(cast, mergeDraft(cast))).toBe('applied')
  expect(await write(cast, mergeDraft(cast))).toBe('merged')
  const back: TimedDraft = {
    ...own('customer', person, chain.stores[1] ?? ''),
    type: 'merge',
    payload: { home_store_id: chain.stores[1], into_id: twice, into_home_store_id: home },
  }
  expect(await write(cast, back)).toBe('malformed') // It would be part of itself.
  await expectSound(cast)
  await close(cast)
})

onBothEngines(
  'a void from another store finds its customer while merges are known',
  async (engine) => {
    const cast = await makeCast(engine)
    const { a, b, chain } = cast
    await write(cast, mergeDraft(cast))
    await write(cast, unmergeDraft(cast, MONDAY_10AM + DAY))
    const other = id()
    await b.push([b.customer(other)])
    const seen = a.visit(other, chain.stores[1], MONDAY_10AM + DAY)
    const back = a.seal({ kind: 'visit', record_id: seen.record_id, type: 'void', payload: {} })
    const { results } = await a.push([seen, back], MONDAY_10AM + 2 * DAY)
    expect(results.map((result) => result.status)).toEqual(['applied', 'applied'])
    await expectSound(cast)
    await close(cast)
  },
)
