import { civilFromDay, DAY_MS } from '#model/calendar.ts'
import {
  freePeriod,
  isOver,
  monthOf,
  type Period,
  periodBefore,
  quarterOf,
  trailing,
  weekOf,
  yearOf,
} from '#model/period.ts'
import { formatDate } from '#web/i18n/format.ts'
import { localeTags, type Locale } from '#web/i18n/locale.ts'
import type { DeskMessages } from './words.ts'

// Choosing a period and saying which one it is. Days are integers (see the model's calendar).

/** What the picker offers; the two trailing windows are kinds of their own there. */
export const PICKS = ['month', 'quarter', 'year', 'week', '28d', '90d', 'free'] as const
export type Pick = (typeof PICKS)[number]

const CHOICES_MAX = 400

export function pickOf(period: Period): Pick {
  if (period.kind !== 'trailing') return period.kind
  return period.text.startsWith('28d') ? '28d' : '90d'
}

/** The period of a kind that holds a day; windows end with it, a free one is its month so far. */
export function periodAt(pick: Pick, day: number): Period {
  if (pick === 'year') return yearOf(day)
  if (pick === 'quarter') return quarterOf(day)
  if (pick === 'month') return monthOf(day)
  if (pick === 'week') return weekOf(day)
  if (pick === 'free') return freePeriod(monthOf(day).from, day)
  return trailing(pick === '28d' ? 28 : 90, day)
}

/** The same stretch of time in another kind: what holds the old period's last day so far. */
export function switchPick(period: Period, pick: Pick, today: number): Period {
  if (pick === 'free') return freePeriod(period.from, period.to - 1)
  return periodAt(pick, Math.min(period.to - 1, Math.max(today, period.from)))
}

/** The last whole month: the newest period whose figures will not grow any more. */
export function defaultPeriod(today: number): Period {
  return periodBefore(monthOf(today))
}

/** Calendar periods from today's back to the one that holds the first day of data. */
export function choicesOf(pick: Pick, firstDay: number | null, today: number): Period[] {
  const choices = [periodAt(pick, today)]
  const oldest = firstDay ?? today
  while (choices.length < CHOICES_MAX) {
    const last = choices[choices.length - 1]
    if (!last || last.from <= oldest) break
    choices.push(periodBefore(last))
  }
  return choices
}

/** Whole days of an unfinished period that are over; null when nothing more can happen in it. */
export function daysSoFar(period: Period, today: number): number | null {
  return isOver(period, today) ? null : Math.max(0, today - period.from)
}

export function hasBegun({ from }: Period, today: number): boolean {
  return from <= today
}

export function daysOf(period: Period): number {
  return period.to - period.from
}

function dayAndMonth(day: number, locale: Locale): string {
  const options = { month: locale === 'zh' ? 'long' : 'short', day: 'numeric' } as const
  return new Intl.DateTimeFormat(localeTags[locale], { ...options, timeZone: 'UTC' }).format(
    day * DAY_MS,
  )
}

/** `2026年10月5日` or `5 Oct 2026`. */
export function dayWords(day: number, locale: Locale): string {
  if (locale === 'zh') return formatDate(day * DAY_MS, 'UTC', 'zh')
  return `${dayAndMonth(day, locale)} ${civilFromDay(day).year}`
}

function spanWords(from: number, to: number, locale: Locale): string {
  const last = to - 1
  const sameYear = civilFromDay(from).year === civilFromDay(last).year
  if (!sameYear) return `${dayWords(from, locale)} – ${dayWords(last, locale)}`
  return locale === 'zh'
    ? `${dayWords(from, locale)} – ${dayAndMonth(last, locale)}`
    : `${dayAndMonth(from, locale)} – ${dayWords(last, locale)}`
}

/** The period in words, complete without its surroundings: `2026年10月`, `28 days to 20 Nov 2026`. */
export function periodWords(
  period: Period,
  say: DeskMessages['desk']['period'],
  locale: Locale,
): string {
  const { year, month } = civilFromDay(period.from)
  if (period.kind === 'year') return say.year(String(year))
  if (period.kind === 'quarter') return say.quarter(String(year), Math.ceil(month / 3))
  if (period.kind === 'week') {
    const span = spanWords(period.from, period.to, locale)
    return say.week(period.text.slice(0, 4), Number(period.text.slice(6)), span)
  }
  if (period.kind === 'trailing')
    return say.trailing(daysOf(period), dayWords(period.to - 1, locale))
  if (period.kind === 'free') return spanWords(period.from, period.to, locale)
  const options = { year: 'numeric', month: 'long', timeZone: 'UTC' } as const
  return new Intl.DateTimeFormat(localeTags[locale], options).format(period.from * DAY_MS)
}

/** The period in a few characters, for an axis: `10月`, `2026年1月`, `W41`, `2026-Q3`. */
export function periodTick(period: Period, locale: Locale): string {
  if (period.kind === 'week') return period.text.slice(5)
  if (period.kind !== 'month') return period.text
  const isFirst = civilFromDay(period.from).month === 1
  return new Intl.DateTimeFormat(localeTags[locale], {
    month: 'short',
    ...(isFirst ? { year: 'numeric' } : {}),
    timeZone: 'UTC',
  }).format(period.from * DAY_MS)
}

/** Periods along an axis: the first one names its year, too. */
export function periodTicks(periods: readonly Period[], locale: Locale): string[] {
  return periods.map((period, at) => {
    if (at > 0 || period.kind !== 'month') return periodTick(period, locale)
    const options = { month: 'short', year: 'numeric', timeZone: 'UTC' } as const
    return new Intl.DateTimeFormat(localeTags[locale], options).format(period.from * DAY_MS)
  })
}
