// What is at stake: whose customer somebody is. A manager sees those whose visits speak for another
// store of theirs, and nobody else's; what was answered is not asked again.
import { expect } from 'vitest'
import { must } from '#model/assert.ts'
import { DAY_MS } from '#model/calendar.ts'
import { proposeHome } from '#model/home-proposal.ts'
import { seededRandom } from '#model/stats/random.ts'
import { answerHomes, homeProposals } from './home-proposals.ts'
import { readOrg } from './reports.ts'
import { enrolTablet, id, makeChain, MONDAY_10AM, onBothEngines, openEmpty } from './test-ledger.ts'

const TODAY = Math.floor(MONDAY_10AM / DAY_MS)
const HEADQUARTERS = { all: true } as const

/** Three stores, the first two in one region; whom a tablet of one has met. */
async function makeScene(engine: 'sqlite' | 'postgres', watch?: (sql: string) => void) {
  const chain = await makeChain(await openEmpty(engine, watch))
  const { ledger, stores } = chain
  const tablets = [
    await enrolTablet(chain, 0),
    await enrolTablet(chain, 1),
    await enrolTablet(chain, 2),
  ] as const
  const meet = async (name: string) => {
    const customer = id()
    await tablets[0].push([tablets[0].customer(customer, { name }, MONDAY_10AM - 99 * DAY_MS)])
    return customer
  }
  const see = async (which: 0 | 1 | 2, customer: string, ...daysAgo: number[]) => {
    const tablet = tablets[which]
    for (const days of daysAgo)
      await tablet.push([tablet.visit(customer, stores[0], MONDAY_10AM - days * DAY_MS)])
  }
  const propose = async (scope: Parameters<typeof homeProposals>[1]) =>
    (await homeProposals(ledger, scope, (await readOrg(ledger)).stores, TODAY, MONDAY_10AM)).rows
  const answer = (customer_id: string, to_store_id: string | null) =>
    answerHomes(
      ledger,
      chain.admin,
      [{ customer_id, home_store_id: stores[0], to_store_id }],
      TODAY - 1,
      MONDAY_10AM,
    )
  return { ...chain, meet, see, propose, answer }
}

onBothEngines('three visits elsewhere make a proposal, to whom may see both homes', async (e) => {
  const { ledger, stores, regions, meet, see, propose } = await makeScene(e)
  const [moved, far, faithful] = [await meet('Li'), await meet('Wang'), await meet('Zhao')]
  await see(0, moved, 30)
  await see(1, moved, 9, 8, 7)
  await see(2, far, 6, 5, 4)
  await see(1, faithful, 20, 19)
  await see(0, faithful, 3)
  expect(await propose(HEADQUARTERS)).toMatchObject([
    { customer_id: far, name: 'Wang', home_store_id: stores[0], to_store_id: stores[2] },
    { customer_id: moved, to_store_id: stores[1], visits: [{ day: TODAY - 7 }, {}, {}] },
  ])
  const region = { all: false, region_id: regions[0], store_ids: [] } as const
  expect((await propose(region)).map((row) => row.customer_id)).toEqual([moved])
  const store = { all: false, region_id: null, store_ids: [stores[0]] } as const
  expect(await propose(store)).toEqual([])
  await ledger.close()
})

onBothEngines('a confirmed move moves, a kept home is asked about after new visits', async (e) => {
  const { ledger, stores, meet, see, propose, answer } = await makeScene(e)
  const [moved, kept] = [await meet('Li'), await meet('Wang')]
  for (const customer of [moved, kept]) await see(1, customer, 9, 8, 7)
  expect(await answer(moved, stores[1])).toEqual([null])
  expect(await answer(kept, null)).toEqual([null])
  expect(await propose(HEADQUARTERS)).toEqual([])
  const people = await ledger.db.select().from(ledger.t.customer)
  const homeOf = (who: string) =>
    must(
      people.find((row) => row.id === who),
      who,
    ).store_id
  expect([homeOf(moved), homeOf(kept)]).toEqual([stores[1], stores[0]])
  // Whoever moved on is answered for where they live now, not where they once did.
  for (const to of [stores[0], null]) expect(await answer(moved, to)).toEqual(['unknown-customer'])
  await see(1, kept, 0) // A day later than the answer.
  expect((await propose(HEADQUARTERS)).map((row) => row.customer_id)).toEqual([kept])
  expect(await answer(kept, null)).toEqual([null])
  expect(await answer(id(), stores[1])).toEqual(['unknown-customer'])
  await ledger.close()
})

onBothEngines('the rule is the same as over everybody’s whole history', async (engine) => {
  const { ledger, stores, meet, see, propose } = await makeScene(engine)
  const random = seededRandom(11)
  const pick = () => ([0, 1, 2] as const)[Math.floor(3 * random())] ?? 0
  for (let one = 0; one < 16; one += 1) {
    const customer = await meet(`Customer ${one}`)
    // Hours apart as well as days, so that the later of two visits of one day counts.
    for (let visit = 0; visit < 7; visit += 1)
      await see(pick(), customer, Math.floor(8 * random()) + Math.floor(8 * random()) / 24)
  }
  const rows = await ledger.db.select().from(ledger.t.history)
  const expected = [...Map.groupBy(rows, (row) => row.customer_id)].flatMap(([customer, own]) => {
    const seen = own.map((row) => ({ ...row, store_id: row.at_store_id }))
    const made = proposeHome(seen, stores[0])
    return made ? [{ customer_id: customer, ...made }] : []
  })
  expect(expected.length).toBeGreaterThan(2)
  const found = await propose(HEADQUARTERS)
  expect(found).toHaveLength(expected.length)
  for (const { customer_id, ...made } of expected)
    expect(found.find((row) => row.customer_id === customer_id)).toMatchObject(made)
  await ledger.close()
})

onBothEngines('books are read in one statement, of a chain as of one store', async (engine) => {
  const asked: string[] = []
  const { ledger, stores, regions, meet, see, propose } = await makeScene(engine, (sql) =>
    asked.push(sql),
  )
  const count = async (scope: Parameters<typeof homeProposals>[1]) => {
    asked.length = 0
    const rows = await propose(scope)
    const ofBooks = asked.filter((sql) => /from[^"]*"(customer|history)/i.test(sql))
    return [rows.length, ofBooks.length]
  }
  await see(1, await meet('Li'), 9, 8, 7)
  const one = { all: false, region_id: null, store_ids: [stores[0], stores[1]] } as const
  expect(await count(one)).toEqual([1, 1])
  for (const name of ['Wang', 'Zhao', 'Sun']) await see(2, await meet(name), 6, 5, 4)
  expect(await count(HEADQUARTERS)).toEqual([4, 1])
  const region = { all: false, region_id: regions[0], store_ids: [] } as const
  expect(await count(region)).toEqual([1, 1])
  await ledger.close()
})
