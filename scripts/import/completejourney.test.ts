// Real baskets with real times: 17 % of them have another date in UTC than at the store, so every
// month is wrong for whoever ignores the store's zone.
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
import { storesReport } from '#sql/reports.ts'
import { rollUp } from '#sql/rollup.ts'
import { openFindings } from './findings.ts'
import { readMapping } from './mapping.ts'
import { runImport } from './run.ts'

const DATA = fileURLToPath(new URL('../../../shared/data/completejourney', import.meta.url))
const MAPPING = fileURLToPath(new URL('../mappings/completejourney.json', import.meta.url))
const NOW = Date.UTC(2026, 10, 1)
const isThere = existsSync(DATA)
if (!isThere) console.log('skipped: ../shared/data/completejourney is not there')

interface Expected {
  totals: { visits: number; households_with_visits: number; stores: number; spend_usd: number }
  monthly_active_households: Record<string, number>
  monthly_visits: Record<string, number>
  stores: Record<string, { visits: number; households: number; spend_usd: number }>
}

describe.skipIf(!isThere)('Complete Journey', () => {
  let ledger: Ledger
  let expected: Expected

  async function rowsOf(period: string): Promise<ReportRow[]> {
    const parsed = must(parsePeriod(period), 'a period')
    return (await storesReport(ledger, { all: true }, parsed, NOW)).rows
  }

  async function chainIn(period: string): Promise<ReportRow> {
    const rows = await rowsOf(period)
    return must(
      rows.find((row) => row.level === 'chain'),
      'the chain',
    )
  }

  beforeAll(async () => {
    expected = JSON.parse(readFileSync(join(DATA, 'expected.json'), 'utf8')) as Expected
    ledger = await openLedger(':memory:', nodePorts)
    const findings = openFindings(null)
    const job = { folder: DATA, mapping: readMapping(MAPPING), ledger, findings }
    await runImport({ ...job, now: () => NOW, onRow: () => undefined })
    while ((await rollUp(ledger)) > 0);
    expect(findings.counts.size).toBe(0)
  }, 600_000)
  afterAll(() => ledger.close())

  test('visits and visitors of each local month are the expected ones', async () => {
    for (const [month, visits] of Object.entries(expected.monthly_visits)) {
      const { now } = await chainIn(month)
      const visitors = expected.monthly_active_households[month]
      expect([month, now.visits, now.visitors]).toEqual([month, visits, visitors])
    }
  })

  test('the year has every basket, household and cent', async () => {
    const { now, spend_now } = await chainIn('2017')
    expect(now.visits).toBe(expected.totals.visits)
    expect(now.visitors).toBe(expected.totals.households_with_visits)
    expect(spend_now).toBe(Math.round(expected.totals.spend_usd * 100))
  })

  test('each of the 293 stores has its baskets, households and spend', async () => {
    const stores = (await rowsOf('2017')).filter((row) => row.level === 'store' && row.now.visits)
    const found = stores.map((row) => [
      row.code,
      { visits: row.now.visits, households: row.now.visitors, spend: row.spend_now },
    ])
    const wanted = Object.entries(expected.stores).map(
      ([code, { visits, households, spend_usd }]) => [
        code,
        { visits, households, spend: Math.round(spend_usd * 100) },
      ],
    )
    expect(Object.fromEntries(found)).toEqual(Object.fromEntries(wanted))
    expect(found).toHaveLength(expected.totals.stores)
  })

  test('a rebuild finds no difference', async () => {
    expect(await rebuild(ledger, { write: false })).toEqual([])
  }, 600_000)
})
