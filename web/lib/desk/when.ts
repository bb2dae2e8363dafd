import { formatDate, formatDateTime, formatRelativeDay, formatTime } from '#web/i18n/format.ts'
import type { Locale } from '#web/i18n/locale.ts'

const DAY_MS = 86_400_000
const YEARLESS_MS = 300 * DAY_MS

/** The zone of the person at the desk: instants are told in it, business days never. */
export function hereZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone
}

/** An instant as short as it can be understood: a time, `昨天 21:41`, day and time, or a date. */
export function whenWords(at: number, now: number, zone: string, locale: Locale): string {
  const date = formatDate(at, zone, locale)
  if (date === formatDate(now, zone, locale)) return formatTime(at, zone, locale)
  if (date === formatDate(now - DAY_MS, zone, locale)) {
    return `${formatRelativeDay(now - DAY_MS, now, zone, locale)} ${formatTime(at, zone, locale)}`
  }
  return Math.abs(now - at) < YEARLESS_MS
    ? formatDateTime(at, zone, locale)
    : formatDate(at, zone, locale)
}
