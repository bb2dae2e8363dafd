// Days are integers: days since 1970-01-01 of the civil calendar. They sort, subtract and travel
// alike on every engine, and a business day needs no zone once it is computed.

export const DAY_MS = 86_400_000
const SECOND_MS = 1000
export const MINUTE_MS = 60_000
/** The trailing year by which customers are told. */
export const YEAR_DAYS = 365
const OFFSET_CACHE_MS = 15 * MINUTE_MS
export const LONGEST_MONTH_DAYS = 31

const formatters = new Map<string, Intl.DateTimeFormat>()
const offsets = new Map<string, number>()

function formatter(zone: string): Intl.DateTimeFormat {
  const known = formatters.get(zone)
  if (known) return known
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  formatters.set(zone, made)
  return made
}

/** What a wall clock in `zone` shows at `at`, minus UTC, in ms. Throws RangeError on a bad zone. */
export function zoneOffsetMs(zone: string, at: number): number {
  const slot = Math.floor(at / OFFSET_CACHE_MS)
  const key = `${zone} ${slot}`
  const known = offsets.get(key)
  if (known !== undefined) return known
  const offset = readOffsetMs(zone, slot * OFFSET_CACHE_MS)
  // A few zones changed their offset at one minute past midnight (Newfoundland until 2011).
  if (readOffsetMs(zone, (slot + 1) * OFFSET_CACHE_MS - SECOND_MS) !== offset)
    return readOffsetMs(zone, at)
  if (offsets.size > 200_000) offsets.clear()
  offsets.set(key, offset)
  return offset
}

function readOffsetMs(zone: string, at: number): number {
  const instant = Math.floor(at / SECOND_MS) * SECOND_MS
  const part: Record<string, number> = {}
  for (const { type, value } of formatter(zone).formatToParts(instant)) part[type] = Number(value)
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part
  return Date.UTC(year, month - 1, day, hour, minute, second) - instant
}

/** The business day of an instant: the store's zone, and the hour at which its day begins. */
export function businessDay(at: number, zone: string, cutoffMinutes: number): number {
  return Math.floor((at + zoneOffsetMs(zone, at) - cutoffMinutes * MINUTE_MS) / DAY_MS)
}

/** The instant at which a wall clock in `zone` shows `minutes` after midnight of a civil day. */
export function instantOf(day: number, minutes: number, zone: string): number {
  const wall = day * DAY_MS + minutes * MINUTE_MS
  const guess = wall - zoneOffsetMs(zone, wall)
  return wall - zoneOffsetMs(zone, guess)
}

export function dayFromCivil(year: number, month: number, dayOfMonth: number): number {
  return Date.UTC(year, month - 1, dayOfMonth) / DAY_MS
}

export interface Civil {
  year: number
  month: number
  day: number
}

export function civilFromDay(day: number): Civil {
  const date = new Date(day * DAY_MS)
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() }
}

/** `2026-11-21`. */
export function dayText(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10)
}

/** The day of `YYYY-MM-DD`, or null when there is no such day. */
export function parseDay(text: string): number | null {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text)
  if (!match) return null
  const day = dayFromCivil(Number(match[1]), Number(match[2]), Number(match[3]))
  return dayText(day) === text ? day : null
}

/** Monday is 0. */
export function weekday(day: number): number {
  return (((day + 3) % 7) + 7) % 7
}

type Starts = readonly [month: number, quarter: number, year: number]

/** A fold asks for the starts of the same few days again and again. */
const knownStarts = new Map<number, Starts>()
const STARTS_KEPT = 20_000

function startsOf(day: number): Starts {
  const known = knownStarts.get(day)
  if (known) return known
  const { year, month } = civilFromDay(day)
  const starts: Starts = [
    dayFromCivil(year, month, 1),
    dayFromCivil(year, month - ((month - 1) % 3), 1),
    dayFromCivil(year, 1, 1),
  ]
  if (knownStarts.size >= STARTS_KEPT) knownStarts.clear()
  knownStarts.set(day, starts)
  return starts
}

export function monthStart(day: number): number {
  return startsOf(day)[0]
}

export function quarterStart(day: number): number {
  return startsOf(day)[1]
}

export function yearStart(day: number): number {
  return startsOf(day)[2]
}

/** First days of months in the half-open range (after, until]. */
export function monthStartsWithin(after: number, until: number): number[] {
  const firsts: number[] = []
  // 31 days after the first of a month it is the next one, whatever its length.
  let first = monthStart(monthStart(after) + LONGEST_MONTH_DAYS)
  for (; first <= until; first = monthStart(first + LONGEST_MONTH_DAYS)) firsts.push(first)
  return firsts
}

/** First days of quarters in the half-open range (after, until]. */
export function quarterStartsWithin(after: number, until: number): number[] {
  return monthStartsWithin(after, until).filter((first) => quarterStart(first) === first)
}
