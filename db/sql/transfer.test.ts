// What is at stake: a customer who moves is counted twice or not at all, stays on a tablet that
// should not have them, or loses what an old tablet still sends to the old home.
import { eq } from 'drizzle-orm'
import { expect } from 'vitest'
import { figureKey } from '#model/figures.ts'
import { HOME } from '#model/figures.ts'
import { presentHome } from './forwards.ts'
import { rebuild } from './rebuild.ts'
import { chainCustomer, searchChain } from './search.ts'
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

interface Cast {
  chain: TestChain
  tablets: [Tablet, Tablet, Tablet]
  customer: string
}

/** A customer of store 0 with a phone, a tag and a visit three days ago. */
async function makeCast(engine: EngineName): Promise<Cast> {
  const chain = await makeChain(await openEmpty(engine))
  const a = await enrolTablet(chain, 0)
  const tablets: Cast['tablets'] = [a, await enrolTablet(chain, 1), await enrolTablet(chain, 2)]
  const customer = id()
  const tag = { tag_id: chain.tags[0], source: 'staff', home_store_id: chain.stores[0] }
  await a.push([
    a.customer(customer, { phone: PHONE, note: 'likes jasmine' }, MONDAY_10AM - 9 * DAY),
    a.visit(customer, chain.stores[0], MONDAY_10AM - 3 * DAY),
    a.seal(
      { kind: 'tagging', record_id: customer, type: 'tag+', payload: tag },
      MONDAY_10AM - 3 * DAY,
    ),
  ])
  return { chain, tablets, customer }
}

function moveDraft({ chain, customer }: Cast, from: number, to: number | string): TimedDraft {
  const home_store_id = chain.stores[from] ?? ''
  const to_store_id = typeof to === 'number' ? (chain.stores[to] ?? '') : to
  const payload = { home_store_id, to_store_id }
  return { kind: 'transfer', type: 'set', record_id: customer, store_id: home_store_id, payload }
}

async function move(cast: Cast, from: number, to: number | string, at = MONDAY_10AM) {
  const draft = { ...moveDraft(cast, from, to), at }
  const [result] = await writeDrafts(cast.chain.ledger, cast.chain.admin, [draft], MONDAY_10AM)
  return result?.reason ?? result?.status
}

function homeOf({ chain, customer }: Cast, named = 0): Promise<string | null> {
  return presentHome(chain.ledger, chain.stores[named] ?? '', customer)
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

/** What must hold after anything: no difference to a recount, no row out of its scope. */
async function expectSound({ chain }: Cast): Promise<void> {
  expect(await recounted(chain.ledger)).toEqual([])
  expect(await scopeFaults(chain.ledger)).toEqual([])
}

onBothEngines(
  'a move takes the customer out of one book and puts it into the other',
  async (engine) => {
    const cast = await makeCast(engine)
    const { ledger, stores } = cast.chain
    expect(await move(cast, 0, 2)).toBe('applied')
    expect(await homeOf(cast)).toBe(stores[2])
    const places: string[][] = []
    for (const name of ['customer', 'tagging', 'history', 'phoneDirectory'] as const)
      places.push((await ledger.db.select().from(ledger.t[name])).map((row) => row.store_id))
    expect(places).toEqual([[stores[2]], [stores[2]], [stores[2]], [stores[2]]])
    expect((await searchChain(ledger, PHONE)).customers[0]?.home_store_id).toBe(stores[2])
    expect((await chainCustomer(ledger, stores[0], cast.customer))?.customer.id).toBe(cast.customer)
    const feed = await ledger.db.select().from(ledger.t.feedRow)
    const states = (store: number, kind: string) =>
      feed.flatMap((row) =>
        row.store_id === stores[store] && row.kind === kind ? [row.state] : [],
      )
    expect([states(0, 'customer'), states(0, 'visit'), states(0, 'history')]).toEqual([
      ['leave'],
      ['put'],
      [],
    ])
    expect([states(2, 'customer'), states(2, 'visit'), states(2, 'history')]).toEqual([
      ['put'],
      [],
      ['put'],
    ])
    await expectSound(cast)
    await ledger.close()
  },
)

onBothEngines(
  'stocks move on the day of the move, and no day before it changes',
  async (engine) => {
    const cast = await makeCast(engine)
    await move(cast, 0, 2, MONDAY_10AM - DAY)
    const active = (store: number, day: number) => figureOf(cast, store, day, 'active')
    const moved = TODAY - 1
    expect([await active(0, TODAY - 3), await active(0, moved), await active(2, moved)]).toEqual([
      1, -1, 1,
    ])
    const ends = [await active(0, TODAY + 87), await active(2, TODAY + 87)]
    expect(ends).toEqual([0, -1])
    expect(await figureOf(cast, 2, TODAY + 87, 'lost')).toBe(1)
    expect(await figureOf(cast, 0, moved, `transfer_out:${cast.chain.stores[2]}`)).toBe(1)
    expect(await figureOf(cast, 2, moved, 'tagged:any')).toBe(1)
    const [late, other] = [cast.tablets[0], cast.tablets[2]]
    await late.push([late.visit(cast.customer, cast.chain.stores[0], MONDAY_10AM - 8 * DAY)])
    await other.push([other.visit(cast.customer, cast.chain.stores[2])])
    expect([await active(0, TODAY - 8), await active(0, TODAY - 3)]).toEqual([1, 0])
    await expectSound(cast)
    await cast.chain.ledger.close()
  },
)

onBothEngines('ops that name an old home follow every move', async (engine) => {
  const cast = await makeCast(engine)
  const [a] = cast.tablets
  const { ledger, stores } = cast.chain
  await move(cast, 0, 1)
  await move(cast, 1, 2)
  const own = { home_store_id: stores[0] }
  const late = [
    a.visit(cast.customer, stores[0]),
    a.seal({
      kind: 'customer',
      record_id: cast.customer,
      type: 'set',
      payload: { name: '王', ...own },
    }),
  ]
  late.push(a.seal({ kind: 'visit', record_id: late[0]!.record_id, type: 'void', payload: {} }))
  const { results } = await a.push(late)
  expect(results.map((result) => result.status)).toEqual(['applied', 'applied', 'applied'])
  const [row] = await ledger.db.select().from(ledger.t.customer)
  expect([row?.store_id, row?.name]).toEqual([stores[2], '王'])
  expect(
    (await ledger.db.select().from(ledger.t.customerLink)).map((link) => link.store_id),
  ).toEqual([stores[2]])
  await expectSound(cast)
  expect(await move(cast, 2, 0)).toBe('applied') // The way back, although a forward leads away.
  expect(await homeOf(cast)).toBe(stores[0])
  expect(await homeOf(cast, 1)).toBe(stores[0])
  await a.push([a.visit(cast.customer, stores[1], MONDAY_10AM - DAY)])
  await expectSound(cast)
  await ledger.close()
})

onBothEngines('a link ends by becoming the home, and the others are told', async (engine) => {
  const cast = await makeCast(engine)
  const [, b, c] = cast.tablets
  const { ledger, stores } = cast.chain
  await b.push([b.visit(cast.customer, stores[0])])
  await c.push([c.visit(cast.customer, stores[0], MONDAY_10AM - DAY)])
  await move(cast, 0, 1)
  const links = await ledger.db.select().from(ledger.t.customerLink)
  expect(links.map((link) => [link.store_id, link.linked_store_id])).toEqual([
    [stores[1], stores[2]],
  ])
  const rows = await ledger.db.select().from(ledger.t.feedRow)
  const copy = rows.find((row) => row.store_id === stores[2] && row.kind === 'customer')
  expect(copy?.body).toMatchObject({ home_store_id: stores[1], note: null })
  const own = rows.find((row) => row.store_id === stores[1] && row.kind === 'customer')
  expect(own?.body).toMatchObject({ note: 'likes jasmine' })
  await expectSound(cast)
  await ledger.close()
})

onBothEngines('a move nowhere is refused, a move home changes nothing', async (engine) => {
  const cast = await makeCast(engine)
  expect(await move(cast, 0, id())).toBe('unknown-record')
  expect(await move(cast, 0, 0)).toBe('applied')
  expect(await cast.chain.ledger.db.select().from(cast.chain.ledger.t.customerForward)).toEqual([])
  expect(await move(cast, 0, 2)).toBe('applied')
  expect(await move(cast, 0, 2)).toBe('applied') // Proposed twice, the second names the old home.
  expect(await move(cast, 0, 1, MONDAY_10AM - 2 * DAY)).toBe('applied') // And one heard of late.
  expect(await homeOf(cast)).toBe(cast.chain.stores[1])
  const [row] = await cast.chain.ledger.db.select().from(cast.chain.ledger.t.customer)
  expect(row?.homes).toEqual([{ store_id: cast.chain.stores[0], until: TODAY }])
  expect(await move({ ...cast, customer: id() }, 0, 1)).toBe('unknown-customer')
  await expectSound(cast)
  await cast.chain.ledger.close()
})

onBothEngines('created, visited and moved in one push, the end is the same', async (engine) => {
  const cast = await makeCast(engine)
  const { ledger, stores, admin } = cast.chain
  const customer = id()
  const inOne = { ...cast, customer }
  const visit = (store: number): TimedDraft => ({
    ...{ kind: 'visit', type: 'visit', record_id: id(), store_id: stores[store] ?? '' },
    payload: { customer_id: customer, home_store_id: stores[0], purpose: 'buy' },
  })
  const payload = { name: 'Li', home_store_id: stores[0] }
  const create = { kind: 'customer', type: 'create', record_id: customer, payload } as const
  const drafts = [
    { ...create, store_id: stores[0] },
    visit(0),
    visit(1),
    moveDraft(inOne, 0, 1),
    visit(0),
    moveDraft(inOne, 0, 2),
    visit(2),
  ]
  const results = await writeDrafts(ledger, admin, drafts, MONDAY_10AM)
  expect(results.map((result) => result.status)).toEqual(Array(7).fill('applied'))
  expect(await homeOf(inOne)).toBe(stores[2])
  expect(await homeOf(inOne, 1)).toBe(stores[2])
  await expectSound(cast)
  await ledger.close()
})

onBothEngines(
  'moves and visits at once end at one home, with every visit counted once',
  async (engine) => {
    const cast = await makeCast(engine)
    const { ledger, stores } = cast.chain
    for (const home of [0, 1, 2]) await move(cast, home, (home + 1) % 3) // All were a home once.
    const lanes = [0, 1, 2].map(async (index) => {
      const tablet = cast.tablets[index as 0 | 1 | 2]
      for (let round = 0; round < 12; round += 1)
        await tablet.push([
          tablet.visit(
            cast.customer,
            stores[round % 3] ?? '',
            MONDAY_10AM - round * DAY - 3_600_000,
          ),
        ])
    })
    const moves = async () => {
      for (let round = 0; round < 9; round += 1) await move(cast, round % 3, (round + 1) % 3)
    }
    await Promise.all([...lanes, moves()])
    const people = await ledger.db.select().from(ledger.t.customer)
    expect(people).toHaveLength(1)
    const ops = await ledger.db.select().from(ledger.t.op)
    expect(ops.filter((op) => op.status !== 'applied')).toEqual([])
    const history = await ledger.db.select().from(ledger.t.history)
    expect(history.reduce((sum, row) => sum + row.visits, 0)).toBe(1 + 36)
    await expectSound(cast)
    await ledger.close()
  },
)

onBothEngines('a push about customers at their homes reads no forwarding row', async (engine) => {
  const statements: string[] = []
  const ledger = await openEmpty(engine, (sql) => statements.push(sql))
  const chain = await makeChain(ledger)
  const tablet = await enrolTablet(chain, 0)
  const customer = id()
  await tablet.push([tablet.customer(customer)])
  statements.length = 0
  await tablet.push([tablet.visit(customer, chain.stores[0])])
  expect(statements.length).toBeGreaterThan(5)
  expect(statements.filter((sql) => sql.includes('customer_forward'))).toEqual([])
  await ledger.close()
})

onBothEngines(
  'a visit at a home that a set-back server does not know is the person’s',
  async (e) => {
    const { chain, tablets, customer } = await makeCast(e)
    const { ledger, stores, tags } = chain
    const [a] = tablets
    // The tablet had heard of a move that the server does not know any more.
    const tag = { tag_id: tags[1], source: 'staff', home_store_id: stores[0] }
    const tagged = a.seal({ kind: 'tagging', record_id: customer, type: 'tag+', payload: tag })
    const visit = a.visit(customer, stores[1], MONDAY_10AM + 5)
    const { results } = await a.push([tagged, visit], MONDAY_10AM + 10)
    expect(results.map(({ status }) => status)).toEqual(['applied', 'applied'])
    const payload = { spend_minor: 3057 }
    const mended = a.seal({ kind: 'visit', record_id: visit.record_id, type: 'set', payload })
    await a.push([mended], MONDAY_10AM + 20)
    const { history } = ledger.t
    const days = await ledger.db.select().from(history).where(eq(history.day, TODAY))
    expect(days).toMatchObject([{ store_id: stores[0], visits: 1, sales: 1, spend_minor: 3057 }])
    expect(await rebuild(ledger, { write: false })).toEqual([])
    await ledger.close()
  },
)
