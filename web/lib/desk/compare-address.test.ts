import { expect, test } from 'vitest'
import { must } from '#model/assert.ts'
import { parsePeriod } from '#model/period.ts'
import {
  type CompareView,
  readCompareView,
  readFunnelView,
  writeCompareView,
  writeFunnelView,
} from './compare-address.ts'

// A comparison that was found is sent to somebody else: the link must show her the same.

const period = (text: string) => must(parsePeriod(text), `${text} is a period`)
const october = period('2026-10')
const params = (text: string) => new URLSearchParams(text)

test('a comparison comes back from its own address, with a part for each store', () => {
  const view: CompareView = {
    period: period('2026-Q3'),
    picked: ['s2', 's1'],
    metric: 'tag_coverage',
    vs: 'year',
    peers: 'all',
    view: 'table',
  }
  const text = writeCompareView(view)
  expect(text).toBe('?period=2026-Q3&m=tag_coverage&vs=year&peer=all&view=table&s=s2&s=s1')
  expect(readCompareView(params(text), october)).toEqual(view)
})

test('a store is ticked once, and no more than eight are', () => {
  const many = Array.from({ length: 12 }, (_, at) => `s=${at % 10}`).join('&')
  const { picked } = readCompareView(params(`?s=1&s=1&${many}`), october)
  expect(picked).toEqual(['1', '0', '2', '3', '4', '5', '6', '7'])
})

test('a funnel comes back from its own address, nonsense as what is usual', () => {
  const view = { period: october, rate: 'second_visit', format: 'a b', view: 'table' } as const
  expect(readFunnelView(params(writeFunnelView(view)), period('2026'))).toEqual(view)
  const read = readFunnelView(params('?rate=luck&view=dance'), october)
  expect([read.rate, read.view, read.period.text]).toEqual(['identified_rate', 'chart', '2026-10'])
})
