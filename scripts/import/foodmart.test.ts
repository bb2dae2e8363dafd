// A whole chain with published figures: what the desk shows after an import must be exactly what
// others have computed from the same data. It cannot show times of day: the source has none.
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { must } from '#model/assert.ts'
import { parsePeriod } from '#model/period.ts'
import type { ReportRow } from '#model/report.ts'
import type { Ledger } from '#sql/ledger.ts'
import { openLedger } from '#sql/open-ledger.ts'
import { nodePorts } from '#sql/ports.ts'
import { rebuild } from '#sql/rebuild.ts'
import { listReference } from '#sql/reference.ts'
import { storesReport } from '#sql/reports.ts'
import { rollUp } from '#sql/rollup.ts'
import { stateHash } from '#sql/state-hash.ts'
import { openFindings } from './findings.ts'
import { readMapping } from './mapping.ts'
import { type Outcome, runImport } from './run.ts'

const DATA = fileURLToPath(new URL('../../../shared/data/foodmart', import.meta.url))
const MAPPING = fileURLToPath(new URL('../mappings/foodmart.json', import.meta.url))
const NOW = Date.UTC(2026, 10, 1)
const isThere = existsSync(DATA)
if (!isThere) console.log('skipped: ../shared/data/foodmart is not there')

interface Expected {
  recomputed: {
    visits_1997: {
      visits: number
      customers: number
      distinct_customers_by_state: Record<string, number>
      distinct_customers_by_month: Record<string, number>
      distinct_customers_by_quarter: Record<string, number>
      distinct_customers_Q1_or_Q2: number
      stores_detail: Record<string, { visits: number; customers: number; sales_usd: string }>
    }
  }
}

describe.skipIf(!isThere)('FoodMart', () => {
  let ledger: Ledger
  let expected: Expected['recomputed']['visits_1997']

  async function load(): Promise<Outcome> {
    const findings = openFindings(null)
    const job = { folder: DATA, mapping: readMapping(MAPPING), ledger, findings }
    const outcome = await runImport({ ...job, now: () => NOW, onRow: () => undefined })
    while ((await rollUp(ledger)) > 0);
    expect(findings.countOf('reject')).toBe(0)
    return outcome
  }

  async function rowsOf(period: string): Promise<ReportRow[]> {
    const parsed = must(parsePeriod(period), 'a period')
    return (await storesReport(ledger, { all: true }, parsed, NOW)).rows
  }

  async function visitorsIn(period: string): Promise<number | null | undefined> {
    return (await rowsOf(period)).find((row) => row.level === 'chain')?.now.visitors
  }

  beforeAll(async () => {
    const text = readFileSync(join(DATA, 'expected.json'), 'utf8')
    expected = (JSON.parse(text) as Expected).recomputed.visits_1997
    ledger = await openLedger(':memory:', nodePorts)
    await load()
  }, 600_000)
  afterAll(() => ledger.close())

  test('25 stores, 10,281 customers and every visit of 1997 are there', async () => {
    expect(await listReference(ledger, 'store')).toHaveLength(25)
    expect(
      await ledger.db.select({ id: ledger.t.customer.id }).from(ledger.t.customer),
    ).toHaveLength(10_281)
    const chain = (await rowsOf('1997')).find((row) => row.level === 'chain')
    expect(chain?.now.visits).toBe(20_530)
    expect(chain?.spend_now).toBe(56_523_813)
  })

  test('visitors of the chain, its regions and its periods are the published ones', async () => {
    const rows = await rowsOf('1997')
    const regions = rows.filter((row) => row.level === 'region' && row.now.visitors)
    expect(rows.find((row) => row.level === 'chain')?.now.visitors).toBe(5581)
    expect(Object.fromEntries(regions.map((row) => [row.name, row.now.visitors]))).toEqual({
      WA: 1828,
      CA: 2716,
      OR: 1037,
    })
    expect(expected.distinct_customers_by_state).toEqual({ WA: 1828, CA: 2716, OR: 1037 })
    expect(await visitorsIn('1997-01')).toBe(1396)
    expect(await visitorsIn('1997-01-01..1997-06-30')).toBe(4257)
  })

  test('every month and quarter has its own count', async () => {
    for (const [month, visitors] of Object.entries(expected.distinct_customers_by_month))
      expect([month, await visitorsIn(month)]).toEqual([month, visitors])
    for (const [quarter, visitors] of Object.entries(expected.distinct_customers_by_quarter))
      expect([quarter, await visitorsIn(`1997-${quarter}`)]).toEqual([quarter, visitors])
  })

  test('each store has its visits, visitors and spend to the cent', async () => {
    const stores = (await rowsOf('1997')).filter((row) => row.level === 'store' && row.now.visits)
    const found = stores.map((row) => [
      row.code,
      { visits: row.now.visits, customers: row.now.visitors, spend: row.spend_now },
    ])
    const wanted = Object.entries(expected.stores_detail).map(([code, store]) => [
      code,
      {
        visits: store.visits,
        customers: store.customers,
        spend: Math.round(Number(store.sales_usd) * 100),
      },
    ])
    expect(Object.fromEntries(found)).toEqual(Object.fromEntries(wanted))
  })

  test('visitors of the 13 stores add up to more than the chain has', async () => {
    const rows = await rowsOf('1997')
    const stores = rows.filter((row) => row.level === 'store' && row.now.visits)
    expect(stores).toHaveLength(13)
    expect(stores.reduce((sum, row) => sum + (row.now.visitors ?? 0), 0)).toBe(6329)
    expect(rows.find((row) => row.level === 'chain')?.now.visitors).toBe(5581)
  })

  test('nobody counted the others, so the identified-visit rate says no data', async () => {
    const rows = await rowsOf('1997')
    expect(rows.every((row) => row.now.identified_rate === null)).toBe(true)
  })

  test('a second import changes nothing, and a rebuild finds no difference', async () => {
    const before = await stateHash(ledger)
    const outcome = await load()
    expect(outcome.facts.tally('visit')).toMatchObject({ applied: 0, known: 20_530, refused: 0 })
    expect(await stateHash(ledger)).toBe(before)
    expect(await rebuild(ledger, { write: false })).toEqual([])
  }, 600_000)
})
