import { civilFromDay } from '#model/calendar.ts'
import type { CohortRow } from '#model/rhythm/cohort-table.ts'
import type { SecondVisits } from '#model/report-rhythm.ts'
import { RFM_GROUPS, RFM_RULES, type RfmGroup } from '#model/rhythm/rfm-group.ts'
import type { ToldGroup } from '#model/report-rhythm.ts'
import type { SurvivalStep } from '#model/stats/kaplan-meier.ts'
import { wilsonInterval } from '#model/stats/wilson.ts'
import { localeTags, type Locale } from '#web/i18n/locale.ts'

// The figures of a scope's customers as rows: what charts, tables and files are made of.

/** A figure of fewer cases says little and is greyed. */
export const THIN_BELOW = 10

export function isThin(cases: number): boolean {
  return cases < THIN_BELOW
}

/** `2026年9月`, `Sep 2026`. */
export function monthWords(day: number, locale: Locale): string {
  const { year, month } = civilFromDay(day)
  const options = { month: locale === 'zh' ? 'long' : 'short', year: 'numeric' } as const
  const at = Date.UTC(year, month - 1, 1)
  return new Intl.DateTimeFormat(localeTags[locale], { ...options, timeZone: 'UTC' }).format(at)
}

/** The latest cohorts, the latest first, without months in which nobody first came. */
export function latestCohorts(rows: readonly CohortRow[], months: number): CohortRow[] {
  return rows
    .slice(-months)
    .filter(({ size }) => size > 0)
    .reverse()
}

/** Shares of a cohort up to the last month that is over: what has not come is left out. */
export function cellsOf({ shares }: CohortRow): number[] {
  return shares.filter((share) => share !== null)
}

/** The months after the first that some of the cohorts have behind them, at least one. */
export function widthOf(rows: readonly CohortRow[]): number {
  return Math.max(1, ...rows.map((row) => cellsOf(row).length))
}

/** A cohort to tell of in words: the oldest shown that has a share in month `k`. */
export function told(
  rows: readonly CohortRow[],
): { row: CohortRow; k: number; share: number } | null {
  const old = rows.filter((row) => cellsOf(row).length > 1 && !isThin(row.size)).at(-1)
  if (!old) return null
  const k = Math.min(3, cellsOf(old).length - 1)
  const share = old.shares[k]
  return share === null || share === undefined ? null : { row: old, k, share }
}

export interface SecondLine extends SecondVisits {
  share: number
  low: number
  high: number
}

/** The months that begin within a year up to `today`, with their intervals; the latest first. */
export function secondLines(second: readonly SecondVisits[], today: number): SecondLine[] {
  return second
    .filter(({ month, due }) => month > today - 365 && due > 0)
    .map((one) => {
      const { low, high } = wilsonInterval(one.done, one.due) ?? { low: 0, high: 1 }
      return { ...one, share: one.done / one.due, low, high }
    })
    .reverse()
}

/** All of these months together; null without anybody due. */
export function secondTotal(lines: readonly SecondLine[]): SecondLine | null {
  const due = lines.reduce((sum, one) => sum + one.due, 0)
  const done = lines.reduce((sum, one) => sum + one.done, 0)
  const interval = wilsonInterval(done, due)
  if (!interval) return null
  return { month: lines[0]?.month ?? 0, due, done, share: done / due, ...interval }
}

export interface GroupLine extends ToldGroup {
  group: RfmGroup
  /** Of all customers and of all spend; null without any. */
  share: number | null
  spend_share: number | null
}

/** The groups, best first; those without anybody too, so that a missing one is not overlooked. */
export function groupLines(groups: Record<RfmGroup, ToldGroup>): GroupLine[] {
  const customers = RFM_GROUPS.reduce((sum, group) => sum + groups[group].customers, 0)
  const spend = RFM_GROUPS.reduce((sum, group) => sum + (groups[group].spend_minor ?? 0), 0)
  return RFM_GROUPS.map((group) => ({
    group,
    ...groups[group],
    share: customers === 0 ? null : groups[group].customers / customers,
    spend_share: spend <= 0 ? null : (groups[group].spend_minor ?? 0) / spend,
  }))
}

/** `4–5`, or `5` where both ends are one. */
function rangeText([from, to]: readonly [number, number]): string {
  return from === to ? `${from}` : `${from}–${to}`
}

/** The rule of a group by its scores; null for those who have none. */
export function ruleOf(group: RfmGroup): { r: string; fm: string } | null {
  const { r, fm } = RFM_RULES[group]
  return r && fm ? { r: rangeText(r), fm: rangeText(fm) } : null
}

export const GAP_DAYS = [7, 14, 30, 60, 90, 180, 365] as const

/** The share of gaps that are over within so many days; null beyond the longest gap seen. */
export function shareBack(survival: readonly SurvivalStep[], days: number): number | null {
  const last = survival.at(-1)
  if (!last) return null
  // The curve ends with its last closed gap: what open gaps would do later is not known.
  if (days > last.days && last.survival > 0) return null
  const step = survival.filter((one) => one.days <= days).at(-1)
  return step ? 1 - step.survival : 0
}
