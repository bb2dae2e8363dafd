import { dayText } from '#model/calendar.ts'
import type { RestatementRow } from '#model/report.ts'
import type { DeskMessages } from './words.ts'

// What a restatement changed: the definitions' version, the chain's activity window, or both.

interface Changed {
  what: 'version' | 'activityDays'
  from: number
  to: number
}

function changedIn(row: RestatementRow): Changed[] {
  const { from_version, to_version, from_activity_days: from, to_activity_days: to } = row
  const isVersion = from_version !== to_version
  const versions: Changed = { what: 'version', from: from_version, to: to_version }
  const isWindow = from !== null && to !== null && from !== to
  return [
    ...(isVersion ? [versions] : []),
    ...(isWindow ? [{ what: 'activityDays', from, to } as const] : []),
  ]
}

/** In words: `version 5 → 6, activity window 90 → 120 days`. */
export function restatedWords(row: RestatementRow, say: DeskMessages): string {
  const { parts } = say.statement.restated
  return changedIn(row)
    .map(({ what, from, to }) => parts[what](`${from}`, `${to}`))
    .join(parts.joined)
}

/** For a file: `2026-11-23 version 5 → 6, activity window 90 → 120 days`. */
export function restatedCell(row: RestatementRow, say: DeskMessages): string {
  return `${dayText(row.day)} ${restatedWords(row, say)}`
}
