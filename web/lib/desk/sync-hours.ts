import type { SyncHour, SyncHours } from '#model/report.ts'

// The heat map of hours: how late the records of each hour arrived, and where nobody was in touch.

export const HOUR_MS = 3_600_000
const MINUTE_MS = 60_000

/** Upper edges of the steps of the scale; what is later than the last is in the step behind it. */
const STEPS_MS = [MINUTE_MS, 15 * MINUTE_MS, HOUR_MS, 4 * HOUR_MS]

/** `none`: no device was in touch. `contact`: in touch, and there was nothing to send. */
export type HourTone = 'none' | 'contact' | 0 | 1 | 2 | 3 | 4

export function toneOf(hour: SyncHour | null): HourTone {
  if (!hour) return 'none'
  const lag = hour.lag_p95_ms
  if (lag === null || hour.ops === 0) return 'contact'
  const step = STEPS_MS.findIndex((edge) => lag <= edge)
  return step === -1 ? 4 : (([0, 1, 2, 3] as const)[step] ?? 4)
}

/** One row of the map with the figures that say the same in words. */
export interface HoursRow {
  store_id: string
  store_name: string
  store_name_en: string | null
  hours: readonly (SyncHour | null)[]
  /** Hours without contact. */
  silent: number
  /** Slowest hour; null without a record. */
  worst: number | null
  ops: number
  refused: number
}

function sum(hours: readonly (SyncHour | null)[], field: 'ops' | 'refused'): number {
  return hours.reduce((total, hour) => total + (hour?.[field] ?? 0), 0)
}

/** The stores that are looked for, the least heard and the slowest first. */
export function hoursRows(report: SyncHours, q: string): HoursRow[] {
  const words = q.toLowerCase().split(/\s+/).filter(Boolean)
  return report.rows
    .filter((row) => {
      const names = `${row.store_name} ${row.store_name_en ?? ''}`.toLowerCase()
      return words.every((word) => names.includes(word))
    })
    .map(({ zone: _zone, ...row }) => {
      const lags = row.hours.flatMap((hour) => hour?.lag_p95_ms ?? [])
      return {
        ...row,
        silent: row.hours.filter((hour) => hour === null).length,
        worst: lags.length === 0 ? null : Math.max(...lags),
        ops: sum(row.hours, 'ops'),
        refused: sum(row.hours, 'refused'),
      }
    })
    .sort(
      (a, b) =>
        b.silent - a.silent ||
        (b.worst ?? 0) - (a.worst ?? 0) ||
        a.store_name.localeCompare(b.store_name),
    )
}
