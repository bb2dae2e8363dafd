import { expect, test } from 'vitest'
import { must } from '#model/assert.ts'
import { parsePeriod } from '#model/period.ts'
import { defaultWeights } from '#model/score/components.ts'
import {
  DEFAULT_SCORE_SORT,
  filterScores,
  readDraft,
  readScoreView,
  type ScoreView,
  sortScores,
  writeDraft,
  writeScoreView,
} from './score-view.ts'
import { rankScoreNames } from './score-names.ts'
import { partRow, scoreRow } from './test-score.ts'

// A pasted link must give the same view, and a filter must never change a rank.

const period = (text: string) => must(parsePeriod(text), `${text} is a period`)
const october = period('2026-10')
const params = (text: string) => new URLSearchParams(text)
const plain = readScoreView(params(''), october)

test('a view comes back from its own address, which says only what differs', () => {
  const view: ScoreView = {
    period: period('28d@2026-11-20'),
    q: '人民 路',
    region: 'r1',
    format: 'flagship',
    show: 'table',
    sort: { by: 'second_visit_rate', descending: true },
  }
  expect(readScoreView(params(writeScoreView(view)), october)).toEqual(view)
  expect(writeScoreView(plain)).toBe('?period=2026-10')
})

test('nonsense in an address is read as if it were absent', () => {
  const read = readScoreView(params('?period=soon&sort=-luck&view=dance'), october)
  expect(read).toEqual(plain)
  expect(read.sort).toEqual(DEFAULT_SCORE_SORT)
  expect(readDraft(params('?weights=99-0'))).toBeNull()
})

test('weights that are thought of stand in the address', () => {
  const draft = { ...defaultWeights(), retained_rate: 10, identified_rate: 20 }
  expect(writeDraft(october, draft)).toBe('?period=2026-10&weights=10-15-20-10-10-10-10-5-5-5')
  expect(readDraft(params(writeDraft(october, draft)))).toEqual(draft)
  expect(writeDraft(october, null)).toBe('?period=2026-10')
})

const rows = [
  scoreRow('a', { name: '人民路店', name_en: 'Renmin Road', rank: 1, region_id: 'r1' }),
  scoreRow('b', { name: '湖滨店', rank: 2, region_id: 'r2', code: 'HB-7' }),
  scoreRow('c', { name: '北门店', rank: 3, region_id: 'r1' }),
]

test('filters choose rows by name, code, region and format, and leave ranks alone', () => {
  const find = (more: Partial<ScoreView>) =>
    filterScores(rows, { ...plain, ...more }).map(({ scope, rank }) => [scope, rank])
  expect(find({ q: 'renmin' })).toEqual([['a', 1]])
  expect(find({ q: 'hb' })).toEqual([['b', 2]])
  expect(find({ region: 'r1', q: '店' })).toEqual([
    ['a', 1],
    ['c', 3],
  ])
  expect(find({ format: 'flagship' })).toEqual([])
})

test('rows without a figure come last whichever way the column is sorted', () => {
  const parts = [
    { ...must(rows[0], 'a'), parts: [partRow('identified_rate', { theta: 0.4 })] },
    { ...must(rows[1], 'b'), parts: [] },
    { ...must(rows[2], 'c'), parts: [partRow('identified_rate', { theta: 0.6 })] },
  ]
  const names = rankScoreNames(parts, 'zh')
  const order = (descending: boolean) =>
    sortScores(parts, { by: 'identified_rate', descending }, names).map(({ scope }) => scope)
  expect(order(true)).toEqual(['c', 'a', 'b'])
  expect(order(false)).toEqual(['a', 'c', 'b'])
  const byName = sortScores(parts, { by: 'name', descending: false }, names)
  expect(byName.map(({ name }) => name)).toEqual(['北门店', '湖滨店', '人民路店'])
})
