import { civilFromDay, dayFromCivil, dayText, parseDay, weekday } from './calendar.ts'

// A period is written as text, so that it fits an address: 2026 · 2026-Q3 · 2026-10 · 2026-W41 ·
// 28d@2026-11-20 (the 28 days that end with that day) · 2026-01-01..2026-06-30 (both included).

export type PeriodKind = 'year' | 'quarter' | 'month' | 'week' | 'trailing' | 'free'

/** Days from `from` up to but not including `to`. */
export interface Period {
  kind: PeriodKind
  text: string
  from: number
  to: number
}

const YEAR_MIN = 1970
const YEAR_MAX = 2199
const FREE_MAX_DAYS = 3700

function year(y: number): Period {
  return { kind: 'year', text: `${y}`, from: dayFromCivil(y, 1, 1), to: dayFromCivil(y + 1, 1, 1) }
}

function quarter(y: number, q: number): Period {
  const first = (q - 1) * 3 + 1
  const [from, to] = [dayFromCivil(y, first, 1), dayFromCivil(y, first + 3, 1)]
  return { kind: 'quarter', text: `${y}-Q${q}`, from, to }
}

function month(y: number, m: number): Period {
  const text = `${y}-${String(m).padStart(2, '0')}`
  return { kind: 'month', text, from: dayFromCivil(y, m, 1), to: dayFromCivil(y, m + 1, 1) }
}

/** The ISO week that holds a day: its year is that of its Thursday. */
export function weekOf(day: number): Period {
  const from = day - weekday(day)
  const isoYear = civilFromDay(from + 3).year
  const fourth = dayFromCivil(isoYear, 1, 4)
  const number = (from - (fourth - weekday(fourth))) / 7 + 1
  const text = `${isoYear}-W${String(number).padStart(2, '0')}`
  return { kind: 'week', text, from, to: from + 7 }
}

export function monthOf(day: number): Period {
  const civil = civilFromDay(day)
  return month(civil.year, civil.month)
}

export function quarterOf(day: number): Period {
  const civil = civilFromDay(day)
  return quarter(civil.year, Math.floor((civil.month - 1) / 3) + 1)
}

export function yearOf(day: number): Period {
  return year(civilFromDay(day).year)
}

export function trailing(days: number, last: number): Period {
  return {
    kind: 'trailing',
    text: `${days}d@${dayText(last)}`,
    from: last - days + 1,
    to: last + 1,
  }
}

export function freePeriod(first: number, last: number): Period {
  const text = `${dayText(first)}..${dayText(last)}`
  return { kind: 'free', text, from: first, to: last + 1 }
}

function parseWeek(y: number, week: number): Period | null {
  const fourth = dayFromCivil(y, 1, 4)
  const found = weekOf(fourth - weekday(fourth) + (week - 1) * 7)
  return found.text === `${y}-W${String(week).padStart(2, '0')}` ? found : null
}

function parseRange(text: string): Period | null {
  const window = /^(28|90)d@(\d{4}-\d{2}-\d{2})$/.exec(text)
  if (window) {
    const last = parseDay(window[2] ?? '')
    return last === null ? null : trailing(Number(window[1]), last)
  }
  const [first, last, more] = text.split('..').map(parseDay)
  if (typeof first !== 'number' || typeof last !== 'number') return null
  if (more !== undefined || last < first) return null
  return last - first < FREE_MAX_DAYS ? freePeriod(first, last) : null
}

/** The period that a text names, or null when it names none. */
export function parsePeriod(text: string): Period | null {
  const match = /^(\d{4})(?:-(?:Q([1-4])|W(\d{2})|(\d{2})))?$/.exec(text)
  if (!match) return parseRange(text)
  const y = Number(match[1])
  if (y < YEAR_MIN || y > YEAR_MAX) return null
  if (match[2]) return quarter(y, Number(match[2]))
  if (match[3]) return parseWeek(y, Number(match[3]))
  if (!match[4]) return year(y)
  const m = Number(match[4])
  return m >= 1 && m <= 12 ? month(y, m) : null
}

/** Whether nothing more can happen in it. A trailing window ends with the day it is asked on. */
export function isOver({ kind, to }: Pick<Period, 'kind' | 'to'>, today: number): boolean {
  return kind === 'trailing' ? to <= today + 1 : to <= today
}

/** The period of the same kind that ends where this one begins. */
export function periodBefore(period: Period): Period {
  const last = period.from - 1
  if (period.kind === 'year') return yearOf(last)
  if (period.kind === 'quarter') return quarterOf(last)
  if (period.kind === 'month') return monthOf(last)
  if (period.kind === 'week') return weekOf(last)
  const days = period.to - period.from
  return period.kind === 'trailing' ? trailing(days, last) : freePeriod(last - days + 1, last)
}

/** The period of the same kind that begins where this one ends. */
export function periodAfter(period: Period): Period {
  if (period.kind === 'year') return yearOf(period.to)
  if (period.kind === 'quarter') return quarterOf(period.to)
  if (period.kind === 'month') return monthOf(period.to)
  if (period.kind === 'week') return weekOf(period.to)
  const days = period.to - period.from
  const last = period.to + days - 1
  return period.kind === 'trailing' ? trailing(days, last) : freePeriod(period.to, last)
}
