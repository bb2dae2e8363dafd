// What is at stake: a visit on the wrong business day is in the wrong month's report. The wall
// clock below is read from Intl's text, minute by minute, without a cache and without arithmetic.
import fc from 'fast-check'
import { expect, test, vi } from 'vitest'
import {
  businessDay,
  civilFromDay,
  DAY_MS,
  dayFromCivil,
  dayText,
  instantOf,
  monthStart,
  monthStartsWithin,
  parseDay,
  quarterStart,
  weekday,
  yearStart,
  zoneOffsetMs,
} from './calendar.ts'

vi.setConfig({ testTimeout: 30_000 }) // Reading a wall clock as text is slow.

const MINUTE_MS = 60_000

/** Zones and a year of each in which its clocks do what is odd about them. */
const ZONES: [zone: string, year: number, changes: number][] = [
  ['Asia/Shanghai', 2026, 0],
  ['Asia/Kolkata', 2026, 0],
  ['America/New_York', 2026, 2],
  ['Europe/London', 2026, 2],
  ['Australia/Lord_Howe', 2026, 2], // By half an hour.
  ['Asia/Kathmandu', 1986, 1], // From +5:30 to +5:45, on New Year's Day.
  ['Pacific/Apia', 2011, 3], // 30 December did not happen.
  ['America/St_Johns', 2010, 2], // At one minute past midnight.
]

interface Wall {
  day: number
  minutes: number
}

function wallClock(zone: string): (at: number) => Wall {
  const shown = new Intl.DateTimeFormat('sv-SE', {
    timeZone: zone,
    dateStyle: 'short',
    timeStyle: 'short',
  })
  return (at) => {
    const [date = '', time = ''] = shown.format(at).split(' ')
    const [hours = 0, minutes = 0] = time.split(':').map(Number)
    return { day: Date.parse(`${date}T00:00:00Z`) / DAY_MS, minutes: hours * 60 + minutes }
  }
}

/** UTC days within which the zone's offset changes, and New Year's Day where there are none. */
function oddDays(zone: string, year: number): number[] {
  const wallAt = wallClock(zone)
  const offsetAt = (at: number) => {
    const { day, minutes } = wallAt(at)
    return day * DAY_MS + minutes * MINUTE_MS - at
  }
  const odd: number[] = []
  for (let day = dayFromCivil(year, 1, 1) - 2; day < dayFromCivil(year + 1, 1, 1); day += 1)
    if (offsetAt(day * DAY_MS) !== offsetAt((day + 1) * DAY_MS)) odd.push(day)
  return odd
}

function minutesAround(zone: string, year: number): number[] {
  const odd = oddDays(zone, year)
  const days = odd.length > 0 ? odd : [dayFromCivil(year, 1, 1)]
  return days.flatMap((day) =>
    Array.from({ length: 3 * 1440 }, (_, minute) => (day - 1) * DAY_MS + minute * MINUTE_MS),
  )
}

test.each(ZONES)('the clocks of %s change in %i as often as is known', (zone, year, changes) => {
  expect(oddDays(zone, year)).toHaveLength(changes)
})

test.each(ZONES)(
  'every minute around a change of clocks in %s has its business day',
  (zone, year) => {
    const wallAt = wallClock(zone)
    const wrong: object[] = []
    for (const at of minutesAround(zone, year)) {
      const { day, minutes } = wallAt(at)
      for (const cutoff of [0, 240, 330]) {
        const naive = minutes < cutoff ? day - 1 : day
        const found = businessDay(at, zone, cutoff)
        if (found !== naive) wrong.push({ at: new Date(at).toISOString(), cutoff, found, naive })
      }
    }
    expect(wrong).toEqual([])
  },
)

test.each(ZONES)(
  'every wall time that clocks in %s showed leads to such an instant',
  (zone, year) => {
    const wallAt = wallClock(zone)
    const wrong: object[] = []
    for (const at of minutesAround(zone, year)) {
      const wall = wallAt(at)
      const found = wallAt(instantOf(wall.day, wall.minutes, zone))
      if (found.day !== wall.day || found.minutes !== wall.minutes) wrong.push({ wall, found })
    }
    expect(wrong).toEqual([])
  },
)

test('a wall time that clocks skipped is taken for one within the hour', () => {
  const day = dayFromCivil(2026, 3, 8)
  const change = Date.UTC(2026, 2, 8, 7) // 2:00 in New York, which became 3:00.
  for (let minutes = 120; minutes < 180; minutes += 1)
    expect(Math.abs(instantOf(day, minutes, 'America/New_York') - change)).toBeLessThanOrEqual(
      60 * MINUTE_MS,
    )
})

test.each([
  ['America/New_York', '2026-03-08', 0, 23 * 60],
  ['America/New_York', '2026-11-01', 0, 25 * 60],
  ['America/New_York', '2026-03-07', 240, 23 * 60], // The change at 2:00 still belongs to the 7th.
  ['America/New_York', '2026-03-08', 240, 24 * 60],
  ['Europe/London', '2026-10-25', 0, 25 * 60],
  ['Australia/Lord_Howe', '2026-10-04', 0, 23 * 60 + 30],
  ['Australia/Lord_Howe', '2026-04-05', 0, 24 * 60 + 30],
  ['Pacific/Apia', '2011-12-30', 0, 0],
  ['Asia/Shanghai', '2026-03-08', 240, 24 * 60],
])('in %s the business day %s that begins at minute %i has %i minutes', (zone, text, cutoff, n) => {
  const day = parseDay(text) ?? NaN
  let minutes = 0
  for (let at = (day - 1) * DAY_MS; at < (day + 3) * DAY_MS; at += MINUTE_MS)
    if (businessDay(at, zone, cutoff) === day) minutes += 1
  expect(minutes).toBe(n)
})

test('the offset holds for each millisecond of a second, before 1970 too', () => {
  const change = Date.UTC(2010, 2, 14, 3, 31) // 0:01 in Newfoundland.
  expect(zoneOffsetMs('America/St_Johns', change - 1)).toBe(-3.5 * 3_600_000)
  expect(zoneOffsetMs('America/St_Johns', change)).toBe(-2.5 * 3_600_000)
  expect(zoneOffsetMs('Asia/Kolkata', -1)).toBe(5.5 * 3_600_000)
})

test('a zone that does not exist is an error, never UTC in silence', () => {
  expect(() => businessDay(0, 'Mars/Olympus', 0)).toThrow(RangeError)
})

const anyDay = fc.integer({ min: dayFromCivil(1900, 1, 1), max: dayFromCivil(2199, 12, 31) })

test('a day, its civil date and its text are one', () => {
  fc.assert(
    fc.property(anyDay, (day) => {
      const { year, month, day: dayOfMonth } = civilFromDay(day)
      expect(dayFromCivil(year, month, dayOfMonth)).toBe(day)
      expect(parseDay(dayText(day))).toBe(day)
      expect(weekday(day)).toBe((new Date(day * DAY_MS).getUTCDay() + 6) % 7)
    }),
  )
})

test.each(['2026-02-29', '2026-13-01', '2026-00-10', '2026-1-1', '26-01-01', '2026-01-32', ''])(
  'no day is called %j',
  (text) => {
    expect(parseDay(text)).toBeNull()
  },
)

test('month, quarter and year begin on the last such day that is not after the day', () => {
  const isFirst = {
    month: (text: string) => text.endsWith('-01'),
    quarter: (text: string) => /-(01|04|07|10)-01$/.test(text),
    year: (text: string) => text.endsWith('-01-01'),
  }
  const lastBefore = (day: number, is: (text: string) => boolean) => {
    let first = day
    while (!is(dayText(first))) first -= 1
    return first
  }
  fc.assert(
    fc.property(anyDay, (day) => {
      expect(monthStart(day)).toBe(lastBefore(day, isFirst.month))
      expect(quarterStart(day)).toBe(lastBefore(day, isFirst.quarter))
      expect(yearStart(day)).toBe(lastBefore(day, isFirst.year))
    }),
  )
})

test('the months that begin within a range leave out its start and take in its end', () => {
  fc.assert(
    fc.property(anyDay, fc.integer({ min: -40, max: 500 }), (after, length) => {
      const counted: number[] = []
      for (let day = after + 1; day <= after + length; day += 1)
        if (dayText(day).endsWith('-01')) counted.push(day)
      expect(monthStartsWithin(after, after + length)).toEqual(counted)
    }),
  )
})
