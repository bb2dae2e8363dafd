import { expect, test } from 'vitest'
import { scoreColumns, scoreCsv, shownCell } from './score-table.ts'
import { tracedTotal, traceRows } from './score-trace.ts'
import { partRow, scoreReport, scoreRow } from './test-score.ts'
import { messagesIn } from './words.ts'

// What is on screen and what is in the file are the same figures.

const stale = {
  left_out: { reason: 'stale', never: true } as const,
  ...{ score: null, interval: null, rank: null, rank_range: null, tied_with: null },
  ...{ weight_rank: null, weight_kept: null, geometric: null, weakest: null, as_of: null },
  parts: [],
}
const rows = [
  scoreRow('a', { name: '人民路店', region_id: 'r1', code: 'RM-1' }),
  scoreRow('b', { name: '=湖滨店', ...stale }),
]
const report = scoreReport(rows)

function cellsOf(language: 'zh' | 'en') {
  const columns = scoreColumns(report, { say: messagesIn(language), locale: language })
  return (row: (typeof rows)[number]) =>
    Object.fromEntries(columns.map((column) => [column.id, shownCell(row, column)]))
}

test('a ranked row shows ranks, interval, shrunk and raw figures', () => {
  const [first] = rows
  const cells = first ? cellsOf('en')(first) : {}
  expect(cells).toMatchObject({ rank: '1', rank_low: '1', rank_high: '3', score: '61.2' })
  expect(cells).toMatchObject({ low: '55.1', high: '66.7', kept: '99%', region: 'East' })
  expect(cells).toMatchObject({ 'retained_rate.raw': '50.0%', 'retained_rate.theta': '52.0%' })
  expect(cells).toMatchObject({
    'retained_rate.n': '200',
    weakest: messagesIn('en').metrics.names.identified_rate,
  })
  // No second visits of this store: that is no data, and not a nought.
  expect(cells['second_visit_rate.theta']).toBeNull()
})

test('the file has the decimals that are seen, empty cells for no data, and no formula', () => {
  const columns = scoreColumns(report, { say: messagesIn('zh'), locale: 'zh' })
  const [head = '', first = '', second = ''] = scoreCsv(rows, columns).split('\r\n')
  expect(head.split(',')).toHaveLength(columns.length)
  expect(first).toContain('人民路店,RM-1,东区,社区店,,成熟店（3 年以上）,参加排名,1,1,3,2,61.2')
  expect(second.startsWith("'=湖滨店,,,")).toBe(true)
  expect(second).toContain('数据过期,,,,')
})

test('the trace as a file ends with what its points add up to', () => {
  const line = { raw: '100/200', theta: '0.5200', z: '-0.30', s: '45.0', w: '40.0' }
  const lines = [
    { component: 'retained_rate' as const, ...line, points: '18.00' },
    { component: 'identified_rate' as const, ...line, points: '17.95' },
  ]
  const { weights, counts, seed, computed_at, period, from, to } = report
  const group = {
    format: null,
    city_tier: null,
    age: 'new' as const,
    stores: 9,
    ranked: 9,
    scores: null,
  }
  const row = scoreRow('a', { parts: [partRow('retained_rate')] })
  const trace = { period, from, to, row, lines, weights, counts, group, seed, computed_at }
  expect(tracedTotal(trace)).toBeCloseTo(35.95, 9)
  const written = traceRows(trace, messagesIn('en'))
  expect(written).toHaveLength(4)
  expect(written[1]).toEqual([
    messagesIn('en').definitions.texts.retained_rate.name,
    '100/200',
    0.52,
    -0.3,
    45,
    40,
    18,
  ])
  expect(written.at(-1)).toEqual(['Total', null, null, null, null, null, 35.95])
})
