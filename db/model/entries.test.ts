// A store manager is asked about what is found here. A rule that speaks of an ordinary Saturday
// makes honest people suspects; one that overlooks a burst lets made-up visits win the ranking.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { MINUTE_MS } from './calendar.ts'
import { afterHours, burstsOf, type Entry, FAST_VISITS, sameNotes } from './entries.ts'

const START = 1_790_000_000_000 - (1_790_000_000_000 % MINUTE_MS)

function entry(seconds: number, more: Partial<Entry> = {}): Entry {
  const at = START + seconds * 1000
  return { at, local_minute: Math.floor(at / MINUTE_MS), actor_id: 'a', note: null, ...more }
}

test('six visits in a minute are a queue, seven are a burst that is told once', () => {
  const six = [0, 9, 18, 27, 36, 45].map((second) => entry(second))
  expect(burstsOf(six)).toEqual([])
  expect(burstsOf([...six, entry(60)])).toEqual([]) // A minute later: no minute holds seven.
  expect(burstsOf([...six, entry(59)])).toEqual([{ actor_id: 'a', at: START, visits: 7 }])
  expect(burstsOf([...six, entry(50, { actor_id: 'b' })])).toEqual([])
})

test('a burst is found wherever it begins, and no visit belongs to two', () => {
  const times = fc.array(fc.integer({ min: 0, max: 600 }), { maxLength: 60 })
  fc.assert(
    fc.property(times, (seconds) => {
      const found = burstsOf(seconds.map((second) => entry(second)))
      const isSomewhere = seconds.some(
        (from) => seconds.filter((at) => at >= from && at < from + 60).length > FAST_VISITS,
      )
      expect(found.length > 0).toBe(isSomewhere)
      const sorted = found.map(({ at }) => at).sort((a, b) => a - b)
      for (const [nth, at] of sorted.entries())
        if (nth > 0) expect(at - (sorted[nth - 1] ?? 0)).toBeGreaterThanOrEqual(MINUTE_MS)
      const told = found.reduce((sum, { visits }) => sum + visits, 0)
      expect(told).toBeLessThanOrEqual(seconds.length)
    }),
  )
})

test('what was recorded outside the hours is counted, and nothing where there are no hours', () => {
  const day = 20_717 // A Monday: weeks of hours begin with it.
  const at = (minute: number) => entry(0, { local_minute: day * 1440 + minute })
  const hours: [number, number][] = Array.from({ length: 7 }, () => [600, 1200])
  const entries = [at(599), at(600), at(900), at(1199), at(1200), at(1439)]
  expect(afterHours(entries, hours)).toBe(3)
  expect(afterHours(entries, [null, ...hours.slice(1)])).toBe(6)
  expect(afterHours(entries, undefined)).toBeNull()
})

test('one note at six visits is found, whatever space stands around it, and none at all is not', () => {
  const many = (note: string | null, count: number) =>
    Array.from({ length: count }, (_, nth) => entry(nth, { note }))
  expect(sameNotes([...many('ok', 5), ...many(null, 9), ...many('  ', 9)])).toEqual([])
  expect(sameNotes([...many('ok', 5), ...many(' ok ', 1), ...many('good', 8)])).toEqual([
    { note: 'good', visits: 8 },
    { note: 'ok', visits: 6 },
  ])
})
