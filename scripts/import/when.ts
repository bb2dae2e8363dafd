import { dayFromCivil, dayText, instantOf } from '#model/calendar.ts'

// A date format is `iso` (an instant with its zone), `unix` (seconds), `unix-ms`, or a pattern of
// YYYY MM M DD D HH mm ss and the characters between them. A pattern without HH is a day.

export type DateReader = (text: string, zone: string) => number | null

const NOON_MINUTES = 12 * 60
const TOKENS: Record<string, string> = {
  YYYY: '(?<year>\\d{4})',
  MM: '(?<month>\\d{2})',
  M: '(?<month>\\d{1,2})',
  DD: '(?<day>\\d{2})',
  D: '(?<day>\\d{1,2})',
  HH: '(?<hour>\\d{1,2})',
  mm: '(?<minute>\\d{2})',
  ss: '(?<second>\\d{2})',
}
const TOKEN = /YYYY|MM|M|DD|D|HH|mm|ss/g

/** Whether a text is a date format; the reason stands in the mapping's error. */
export function isDateFormat(format: string): boolean {
  if (['iso', 'unix', 'unix-ms'].includes(format)) return true
  const tokens = format.match(TOKEN) ?? []
  const has = (letter: string) => tokens.filter((token) => token.startsWith(letter)).length === 1
  return has('M') && has('D')
}

function compile(format: string): RegExp {
  const source = format.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(TOKEN, (t) => TOKENS[t] ?? t)
  return new RegExp(`^${source}$`)
}

interface WallTime {
  day: number
  /** Null when the source gives the day only. */
  minutes: number | null
  seconds: number
}

const LEAP_YEAR = 2000 // A birthday may come without its year, and may be 29 February.

function wallTimeOf(pattern: RegExp, text: string): WallTime | null {
  const found = pattern.exec(text)?.groups
  if (!found) return null
  const number = (name: string, absent: number) => Number(found[name] ?? absent)
  const [year, month, date] = [number('year', LEAP_YEAR), number('month', 1), number('day', 1)]
  const day = dayFromCivil(year, month, date)
  const [hour, minute, second] = [number('hour', 0), number('minute', 0), number('second', 0)]
  if (hour > 23 || minute > 59 || second > 59 || year < 1000) return null
  const wanted = [year, month, date].map((part) => String(part).padStart(2, '0')).join('-')
  if (dayText(day) !== wanted) return null
  return { day, minutes: found['hour'] === undefined ? null : hour * 60 + minute, seconds: second }
}

function readInstant(text: string): number | null {
  const zoned = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})$/
  const at = zoned.test(text) ? Date.parse(text.replace(' ', 'T')) : NaN
  return Number.isNaN(at) ? null : at
}

function readUnix(text: string, unitMs: number): number | null {
  return /^-?\d{1,16}$/.test(text) ? Number(text) * unitMs : null
}

/**
 * Reads instants (ms) written in `format`. Wall times are those of the store's zone, and a day
 * without a time means its noon, so that no cut-off moves it to another business day.
 */
export function dateReader(format: string): DateReader {
  if (format === 'iso') return readInstant
  if (format === 'unix') return (text) => readUnix(text, 1000)
  if (format === 'unix-ms') return (text) => readUnix(text, 1)
  const pattern = compile(format)
  return (text, zone) => {
    const wall = wallTimeOf(pattern, text)
    if (!wall) return null
    return instantOf(wall.day, wall.minutes ?? NOON_MINUTES, zone) + wall.seconds * 1000
  }
}

/** Reads the civil day of a text, as days since 1970-01-01. */
export function dayReader(format: string): (text: string) => number | null {
  const pattern = compile(format)
  return (text) => wallTimeOf(pattern, text)?.day ?? null
}
