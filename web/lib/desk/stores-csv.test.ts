import { parse } from 'csv-parse/sync'
import { expect, test } from 'vitest'
import { must } from '#model/assert.ts'
import { ALL_METRICS, metricsOf, NO_SUMS } from '#model/metrics.ts'
import { parsePeriod, periodBefore } from '#model/period.ts'
import type { ComparePlace } from '#model/report-compare.ts'
import { storesCsv, storesFileName } from './stores-csv.ts'
import { testPlace } from './test-place.ts'
import { messagesIn } from './words.ts'

// The file must hold what was seen: the same rows in the same order, both periods, and a gap where
// there is no data. Whoever opens it next year must see which periods it speaks of.

const period = must(parsePeriod('2026-10'), 'a period')
const say = messagesIn('en')

const row = testPlace('s1', {
  region_id: 'r1',
  name: '人民路, 一店',
  name_en: '=Renmin',
  code: 'E-01',
  format: 'flagship',
  currency: 'CNY',
  now: metricsOf({ ...NO_SUMS, identified: 3, spend: 10005, sales: 2, active: 3, tagged: 1 }),
  before: metricsOf({ ...NO_SUMS, identified: 5 }),
  as_of: Date.UTC(2026, 9, 31, 4),
})

const chain: ComparePlace = { ...row, scope: 'chain', level: 'chain', region_id: null, as_of: null }

function written(rows: readonly ComparePlace[]): Record<string, string>[] {
  const text = storesCsv(
    {
      rows: rows.map((one) => ({
        row: one,
        stores: null,
        closed: null,
        rank: { best: 3, worst: 9 },
      })),
      period,
      before: periodBefore(period),
      formatName: () => 'Flagship',
      regionName: () => 'East',
      freshness: () => undefined,
    },
    say,
    'en',
  )
  return parse(text, { bom: true, columns: true })
}

test('the file has the rows that were shown, in their order, with both periods', () => {
  const lines = written([chain, row])
  expect(lines.map((line) => line['Level'])).toEqual(['Chain', 'Store'])
  expect(lines[1]).toMatchObject({
    Rank: '3–9',
    Store: "'=Renmin",
    Region: 'East',
    Code: 'E-01',
    Format: 'Flagship',
    Currency: 'CNY',
    'Visits 2026-10': '3',
    'Visits 2026-09': '5',
    'Visits difference': '-2',
    'Data as of': '2026-10-31T04:00:00.000Z',
  })
  expect(Object.keys(lines[0] ?? {})).toHaveLength(7 + ALL_METRICS.length * 3 + 2)
})

test('shares and money have the decimals that were shown, and no data is a gap', () => {
  expect(written([row])[0]).toMatchObject({
    'Tagged (0–1) 2026-10': '0.333',
    'Tagged (0–1) 2026-09': '',
    'Tagged (0–1) difference': '',
    'Spend / visit 2026-10': '50.03',
    'Identified (0–1) 2026-10': '',
  })
})

test('the name of the file says the period and fits every file system', () => {
  const names = ['2026-10', '28d@2026-11-20', '2026-01-01..2026-06-30'].map((text) =>
    storesFileName(must(parsePeriod(text), text), say.desk.stores),
  )
  expect(names).toEqual([
    'regulars-stores-2026-10.csv',
    'regulars-stores-28d-to-2026-11-20.csv',
    'regulars-stores-2026-01-01-to-2026-06-30.csv',
  ])
})

test('a scope of several currencies says so, and has no money', () => {
  const mixed = { ...chain, currency: null, now: { ...chain.now, spend_per_visit: null } }
  const [line] = written([mixed])
  expect(line).toMatchObject({ Currency: 'mixed', 'Spend / visit 2026-10': '' })
})
