// A cent of one currency is none of another: what stores of several took is never one figure.
import { expect } from 'vitest'
import { must } from '#model/assert.ts'
import { CHAIN } from '#model/id.ts'
import { parsePeriod } from '#model/period.ts'
import type { Draft } from '#model/op.ts'
import { compareReport } from './compare.ts'
import { historyReport, storesReport } from './reports.ts'
import { rhythmReport } from './rhythm-report.ts'
import { rollUp } from './rollup.ts'
import { placeStatement, statementReport } from './statement-report.ts'
import { enrolTablet, id, makeChain, MONDAY_10AM, onBothEngines, openEmpty } from './test-ledger.ts'
import { writeDrafts } from './write.ts'

const TODAY = Math.floor(MONDAY_10AM / 86_400_000)
const PERIOD = must(parsePeriod(`28d@${new Date(MONDAY_10AM).toISOString().slice(0, 10)}`), '28d')
const ALL = { all: true } as const

/** Region 0 counts in CNY, region 1 in CNY and HKD, a third one in HKD alone. */
async function mixedChain(engine: Parameters<Parameters<typeof onBothEngines>[1]>[0]) {
  const ledger = await openEmpty(engine)
  const chain = await makeChain(ledger)
  const [mixed, other, abroad] = [id(), id(), id()]
  const clerk = id()
  const place = { zone: 'Asia/Hong_Kong', currency: 'HKD', country: 'HK' }
  const made = (kind: string, record_id: string, payload: Record<string, unknown>): Draft => {
    return { store_id: CHAIN, kind, record_id, type: 'create', payload }
  }
  await writeDrafts(
    ledger,
    chain.admin,
    [
      made('region', abroad, { name: 'Abroad', order: 2 }),
      made('store', mixed, { name: 'Border', region_id: chain.regions[1], ...place }),
      made('store', other, { name: 'Central', region_id: abroad, ...place }),
      made('staff', clerk, { name: 'Clerk', role: 'clerk', store_ids: [mixed] }),
    ],
    MONDAY_10AM,
  )
  const stores: typeof chain.stores = [chain.stores[0], mixed, chain.stores[2]]
  const clerks: typeof chain.clerks = [chain.clerks[0], clerk, chain.clerks[2]]
  for (const index of [0, 1, 2] as const) {
    const tablet = await enrolTablet({ ...chain, stores, clerks }, index)
    const customer = id()
    const paid = { spend_minor: 10_000 }
    const home = must(stores[index], 'a store')
    const reply = await tablet.push([
      tablet.customer(customer),
      tablet.visit(customer, home, MONDAY_10AM, paid),
    ])
    expect(reply.results.map((one) => one.status)).toEqual(['applied', 'applied'])
  }
  await rollUp(ledger, MONDAY_10AM)
  return { ledger, chain, mixed, abroad }
}

onBothEngines(
  'what stores of several currencies took is told of each, and of none together',
  async (engine) => {
    const { ledger, chain, mixed, abroad } = await mixedChain(engine)
    const [own, both] = chain.regions
    const report = await storesReport(ledger, ALL, PERIOD, MONDAY_10AM)
    const rowOf = (scope: string) =>
      must(
        report.rows.find((row) => row.scope === scope),
        scope,
      )
    expect([own, both, abroad, CHAIN, mixed].map((scope) => rowOf(scope).currency)).toEqual([
      'CNY',
      null,
      'HKD',
      null,
      'HKD',
    ])
    for (const scope of [both, CHAIN])
      expect(rowOf(scope)).toMatchObject({
        ...{ spend_now: null, spend_before: null },
        now: { visits: scope === CHAIN ? 3 : 2, spend_per_visit: null },
      })
    for (const scope of [own, mixed])
      expect(rowOf(scope)).toMatchObject({ spend_now: 10_000, now: { spend_per_visit: 10_000 } })

    const asked = { period: PERIOD, periods: 2, vs: 'prev', scopes: null } as const
    const compared = must(await compareReport(ledger, ALL, asked, MONDAY_10AM), 'a comparison')
    const lineOf = (scope: string) =>
      compared.places.find((one) => one.scope === scope)?.lines.spend_per_visit.values.at(-1)
    expect([own, both, CHAIN, mixed].map(lineOf)).toEqual([10_000, null, null, 10_000])
    expect(compared.groups.map(({ key, currency }) => [key, currency])).toEqual([
      ['all', null],
      ['all', 'CNY'],
      ['all', 'HKD'],
    ])

    const history = (scope: string) =>
      historyReport(ledger, ALL, scope, 'month', TODAY - 1, TODAY, MONDAY_10AM)
    expect((await history(both))?.points.at(-1)?.values).toMatchObject({
      visits: 2,
      spend_per_visit: null,
    })
    expect((await history(own))?.points.at(-1)?.values.spend_per_visit).toBe(10_000)
  },
)

onBothEngines(
  'a scope of several currencies has a statement of customers alone',
  async (engine) => {
    const { ledger, chain, mixed } = await mixedChain(engine)
    const [, both] = chain.regions
    const report = await statementReport(ledger, ALL, PERIOD, 'restated', MONDAY_10AM)
    const rowOf = (scope: string) =>
      must(
        report.rows.find((row) => row.scope === scope),
        scope,
      )
    expect(rowOf(CHAIN)).toMatchObject({ currency: null, value: null, customers: { closing: 3 } })
    expect(rowOf(both)).toMatchObject({ currency: null, value: null, customers: { closing: 2 } })
    expect(rowOf(mixed)).toMatchObject({ currency: 'HKD', value: { closing: 10_000 } })
    expect(report.faults).toEqual([])
    expect((await placeStatement(ledger, ALL, both, PERIOD, MONDAY_10AM))?.value).toBeNull()
    const rhythm = await rhythmReport(ledger, ALL, both, MONDAY_10AM)
    const spend = Object.values(rhythm?.figures?.groups ?? {}).map((group) => group.spend_minor)
    expect(new Set(spend)).toEqual(new Set([null]))
  },
)
