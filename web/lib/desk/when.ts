import { formatDate, formatDateTime, formatTime } from '#web/i18n/format.ts'
import type { Locale } from '#web/i18n/locale.ts'

const YEARLESS_MS = 300 * 86_400_000

/** The zone of the person at the desk: instants are told in it, business days never. */
export function hereZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone
}

/** An instant as short as it can be understood: the time today, else the day too, else the year. */
export function whenWords(at: number, now: number, zone: string, locale: Locale): string {
  if (formatDate(at, zone, locale) === formatDate(now, zone, locale)) {
    return formatTime(at, zone, locale)
  }
  return Math.abs(now - at) < YEARLESS_MS
    ? formatDateTime(at, zone, locale)
    : formatDate(at, zone, locale)
}
