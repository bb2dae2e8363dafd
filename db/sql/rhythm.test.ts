// What is at stake: retention and rhythm that differ from the customers they are told of, a reader
// who is shown another region's, or a page that keeps yesterday's answer. Lives are pushed through
// the real door, and the reports compared to the same lives counted in memory.
import { expect } from 'vitest'
import { CHAIN } from '#model/id.ts'
import { cohortTable } from '#model/rhythm/cohort-table.ts'
import { COHORT_SIDES, cohortContributions, parseCohortMetric } from '#model/rhythm/cohort.ts'
import { RFM_GROUPS } from '#model/rhythm/rfm-group.ts'
import { repeatFigures, sumRhythms } from '#model/rhythm/store-rhythm.ts'
import { seededRandom } from '#model/stats/random.ts'
import { cohortsReport } from './cohorts.ts'
import { rhythmCustomers, rhythmReport } from './rhythm-report.ts'
import { rollUp } from './rollup.ts'
import {
  enrolTablet,
  id,
  makeChain,
  MONDAY_10AM,
  onBothEngines,
  openEmpty,
  type Tablet,
  type TestChain,
} from './test-ledger.ts'
import { writeDrafts } from './write.ts'

const DAY = 86_400_000
const TODAY = Math.floor(MONDAY_10AM / DAY)
const EVERYBODY = { all: true } as const

interface Person {
  id: string
  home: 0 | 1 | 2
  visits: { daysAgo: number; at: 0 | 1 | 2; spend: number | null }[]
}

/** People of the first two stores who come at random, some never and some to both. */
function makePeople(count: number): Person[] {
  const random = seededRandom(5)
  return Array.from({ length: count }, () => {
    const home: Person['home'] = random() < 0.6 ? 0 : 1
    const often = Math.floor(random() * 6)
    const visits = Array.from({ length: often }, (): Person['visits'][number] => ({
      daysAgo: Math.floor(random() * 290),
      at: random() < 0.8 ? home : 2,
      spend: random() < 0.7 ? Math.floor(random() * 9000) : null,
    }))
    const once = new Map(visits.map((visit) => [`${visit.daysAgo} ${visit.at}`, visit]))
    return { id: id(), home, visits: [...once.values()] }
  })
}

async function live(chain: TestChain, people: readonly Person[]): Promise<Tablet[]> {
  const tablets: Tablet[] = []
  for (const index of [0, 1, 2] as const) tablets.push(await enrolTablet(chain, index))
  for (const person of people)
    await tablets[person.home]!.push([tablets[person.home]!.customer(person.id)])
  for (const person of people)
    for (const { daysAgo, at, spend } of person.visits)
      await tablets[at]!.push([
        tablets[at]!.visit(person.id, chain.stores[person.home], MONDAY_10AM - daysAgo * DAY, {
          spend_minor: spend,
        }),
      ])
  while ((await rollUp(chain.ledger)) > 0);
  return tablets
}

function historyOf({ visits }: Person, stores: readonly string[]) {
  return visits.map(({ daysAgo, at, spend }) => ({
    day: TODAY - daysAgo,
    store_id: stores[at] ?? '',
    first_at: MONDAY_10AM - daysAgo * DAY,
    sales: spend === null ? 0 : 1,
    spend_minor: spend ?? 0,
  }))
}

onBothEngines('cohorts of every scope are those of the customers’ lives', async (engine) => {
  const ledger = await openEmpty(engine)
  const chain = await makeChain(ledger)
  const people = makePeople(60)
  await live(chain, people)
  const facts = people.map((person) => ({
    history: historyOf(person, chain.stores),
    homes: [{ store_id: chain.stores[person.home], from: -Infinity, to: Infinity }],
    erased_on: null,
  }))
  const all = facts.flatMap(cohortContributions)
  const [north] = chain.regions
  const scopes: [string, readonly string[]][] = [
    [CHAIN, chain.stores],
    [north, chain.stores.slice(0, 2)],
    ...chain.stores.map((store): [string, string[]] => [store, [store]]),
  ]
  for (const [scope, stores] of scopes) {
    const ours = all.filter((one) => stores.includes(one.store_id))
    for (const side of COHORT_SIDES) {
      const counts = ours.flatMap(({ day, metric }) => {
        const known = parseCohortMetric(metric)
        return known?.side === side ? [{ day, k: known.k, customers: 1 }] : []
      })
      const report = await cohortsReport(ledger, EVERYBODY, scope, side, MONDAY_10AM)
      expect(report?.rows).toEqual(cohortTable(counts, TODAY))
    }
    const report = await cohortsReport(ledger, EVERYBODY, scope, 'homed', MONDAY_10AM)
    const count = (metric: string) =>
      ours.filter((one) => one.metric === metric && one.day <= TODAY).length
    const told = report?.second ?? []
    expect(told.reduce((sum, { due }) => sum + due, 0)).toBe(count('new60'))
    expect(told.reduce((sum, { done }) => sum + done, 0)).toBe(count('second60'))
  }
  await ledger.close()
})

onBothEngines(
  'the rhythm of a scope is that of its customers, and moves on with them',
  async (e) => {
    const ledger = await openEmpty(e)
    const chain = await makeChain(ledger)
    const people = makePeople(60)
    const tablets = await live(chain, people)
    const ask = (scope: string) => rhythmReport(ledger, EVERYBODY, scope, MONDAY_10AM)
    const expected = (
      homes: readonly number[],
      breaks: NonNullable<Awaited<ReturnType<typeof ask>>>['breaks'],
    ) => {
      const theirs = people.filter(({ home }) => homes.includes(home))
      const histories = theirs.map((person) => historyOf(person, chain.stores))
      return sumRhythms(histories, { today: TODAY, breaks, model: null })
    }
    const [north] = chain.regions
    for (const [scope, homes] of [
      [chain.stores[0], [0]],
      [chain.stores[1], [1]],
      [north, [0, 1]],
      [CHAIN, [0, 1, 2]],
    ] as const) {
      const report = await ask(scope)
      const sums = expected(homes, report!.breaks)
      expect(report?.figures?.groups).toEqual(sums.groups)
      expect(report?.figures?.repeat).toEqual(repeatFigures(sums))
      expect(report?.figures?.customers).toBe(sums.customers)
      expect(report?.stores_counted).toBe(report?.stores_total)
    }
    const known = people.find(({ home, visits }) => home === 0 && visits.length === 0)!
    const at = MONDAY_10AM - DAY
    await tablets[0]!.push([tablets[0]!.visit(known.id, chain.stores[0], at)])
    while ((await rollUp(ledger)) > 0);
    known.visits.push({ daysAgo: 1, at: 0, spend: null })
    const later = await ask(chain.stores[0])
    expect(later?.figures?.groups).toEqual(expected([0], later!.breaks).groups)
    const payload = { home_store_id: chain.stores[0], cause: 'request' }
    const erase = { kind: 'customer', type: 'erase', record_id: known.id, payload } as const
    await writeDrafts(ledger, chain.admin, [{ ...erase, store_id: chain.stores[0] }], MONDAY_10AM)
    const without = await ask(chain.stores[0])
    expect(without?.figures?.customers).toBe((later?.figures?.customers ?? 0) - 1)
    await ledger.close()
  },
)

onBothEngines('a group leads to its customers, and a reader sees their own stores', async (e) => {
  const ledger = await openEmpty(e)
  const chain = await makeChain(ledger)
  await live(chain, makePeople(40))
  const [store, , other] = chain.stores
  const region = { all: false, region_id: chain.regions[0], store_ids: [] } as const
  const report = await rhythmReport(ledger, region, store, MONDAY_10AM)
  for (const group of RFM_GROUPS) {
    const list = await rhythmCustomers(ledger, region, store, group, MONDAY_10AM)
    expect(list?.rows).toHaveLength(report?.figures?.groups[group].customers ?? -1)
    expect(list?.rows.every((row) => row.name === '张伟')).toBe(true)
    const spend = list?.rows.reduce((sum, row) => sum + (row.spend_minor ?? 0), 0)
    expect(spend).toBe(report?.figures?.groups[group].spend_minor)
  }
  for (const scope of [CHAIN, other, chain.regions[1], id()]) {
    expect(await rhythmReport(ledger, region, scope, MONDAY_10AM)).toBeNull()
    expect(await rhythmCustomers(ledger, region, scope, 'new', MONDAY_10AM)).toBeNull()
    expect(await cohortsReport(ledger, region, scope, 'homed', MONDAY_10AM)).toBeNull()
  }
  await ledger.close()
})
