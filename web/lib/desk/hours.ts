import type { Store } from '#model/store.ts'

// Opening hours in a form: two clock times a day, or closed. The record keeps minutes after
// midnight from Monday on, and null for a day off.

export interface DayHours {
  open: string
  close: string
  closed: boolean
}

const USUAL: DayHours = { open: '09:00', close: '21:00', closed: false }

export function clockText(minutes: number): string {
  const [hour, minute] = [Math.floor(minutes / 60), minutes % 60]
  return `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`
}

/** Minutes after midnight of `HH:MM`, or null. */
export function clockMinutes(text: string): number | null {
  const match = /^(\d{2}):(\d{2})$/.exec(text)
  if (!match) return null
  const [hour, minute] = [Number(match[1]), Number(match[2])]
  return hour <= 24 && minute < 60 && hour * 60 + minute <= 1440 ? hour * 60 + minute : null
}

export function readHours(hours: Store['hours']): DayHours[] {
  return Array.from({ length: 7 }, (_, day) => {
    const span = hours?.[day]
    if (hours && !span) return { ...USUAL, closed: true }
    // A field for a time ends with 23:59; midnight at the end of a day is shown as 00:00.
    return span
      ? { open: clockText(span[0]), close: clockText(span[1] % 1440), closed: false }
      : { ...USUAL }
  })
}

/** The record's hours, or null when a day closes before it opens. Closing at 00:00 is midnight. */
export function writeHours(days: readonly DayHours[]): NonNullable<Store['hours']> | null {
  const written: NonNullable<Store['hours']> = []
  for (const day of days) {
    if (day.closed) {
      written.push(null)
      continue
    }
    const open = clockMinutes(day.open)
    const close = clockMinutes(day.close) === 0 ? 1440 : clockMinutes(day.close)
    if (open === null || close === null || close <= open) return null
    written.push([open, close])
  }
  return written
}
