import { en } from './en.ts'
import { localeTags, type Locale } from './locale.ts'
import { zh } from './zh.ts'

// Everything here is a pure function of its arguments: time zone and “now” are passed in, because a
// tablet in one zone shows a store's day in another. Instants are integer ms; money is minor units.

const words = { zh: zh.common.time, en: en.common.time }
const dayMs = 86_400_000

const numberFormats = new Map<string, Intl.NumberFormat>()
const dateFormats = new Map<string, Intl.DateTimeFormat>()

// Building an Intl format costs far more than using it, and a table asks for thousands.
function numberFormat(locale: Locale, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = locale + JSON.stringify(options)
  const known = numberFormats.get(key)
  if (known) return known
  const made = new Intl.NumberFormat(localeTags[locale], options)
  numberFormats.set(key, made)
  return made
}

function dateFormat(locale: Locale, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = locale + JSON.stringify(options)
  const known = dateFormats.get(key)
  if (known) return known
  const made = new Intl.DateTimeFormat(localeTags[locale], options)
  dateFormats.set(key, made)
  return made
}

/** `12,480`. `digits` is the exact number of decimals. */
export function formatNumber(value: number, locale: Locale, digits = 0): string {
  const options = { minimumFractionDigits: digits, maximumFractionDigits: digits }
  return numberFormat(locale, options).format(value)
}

/** A difference that always carries its sign: `+12`, `−3`, `0`. */
export function formatChange(value: number, locale: Locale, digits = 0): string {
  const options = {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
    signDisplay: 'exceptZero',
  } as const
  return numberFormat(locale, options).format(value).replace('-', '−')
}

/**
 * Money from integer minor units, with as many decimals as the currency has: CNY 2, JPY 0.
 * `whole` drops the decimals, for columns where a cent is noise.
 */
export function formatMoney(
  minorUnits: number,
  currency: string,
  locale: Locale,
  whole = false,
): string {
  const base = { style: 'currency', currency, currencyDisplay: 'narrowSymbol' } as const
  const format = numberFormat(locale, base)
  const decimals = format.resolvedOptions().maximumFractionDigits ?? 2
  const value = minorUnits / 10 ** decimals
  return whole
    ? numberFormat(locale, { ...base, maximumFractionDigits: 0 }).format(value)
    : format.format(value)
}

/** A ratio (0.873) as `87.3%`. */
export function formatPercent(ratio: number, locale: Locale, digits = 1): string {
  const options = {
    style: 'percent',
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  } as const
  return numberFormat(locale, options).format(ratio)
}

/** The date of an instant in a zone: `2026年11月21日`, `21 November 2026`. */
export function formatDate(atMs: number, zone: string, locale: Locale): string {
  return dateFormat(locale, { timeZone: zone, dateStyle: 'long' }).format(atMs)
}

/** The date without its year: `11月21日`, `21 Nov`. */
export function formatShortDate(atMs: number, zone: string, locale: Locale): string {
  const month = locale === 'zh' ? 'long' : 'short'
  return dateFormat(locale, { timeZone: zone, month, day: 'numeric' }).format(atMs)
}

/** The time of an instant in a zone, on a 24-hour clock: `14:32`. */
export function formatTime(atMs: number, zone: string, locale: Locale): string {
  const options = { timeZone: zone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const
  return dateFormat(locale, options).format(atMs)
}

/** Date and time to the minute: `11月21日 14:32`, `21 Nov 14:32`. */
export function formatDateTime(atMs: number, zone: string, locale: Locale): string {
  return `${formatShortDate(atMs, zone, locale)} ${formatTime(atMs, zone, locale)}`
}

/** A business day written `2026-11-21`, which belongs to a store and to no zone. */
export function formatDay(day: string, locale: Locale): string {
  return formatDate(Date.parse(`${day}T00:00:00Z`), 'UTC', locale)
}

/** `今天`, `昨天`, `12 天前`, `4 个月前`; `in 3 days` ahead. Counts midnights of the zone. */
export function formatRelativeDay(
  atMs: number,
  nowMs: number,
  zone: string,
  locale: Locale,
): string {
  return formatDayDistance(dayNumber(atMs, zone) - dayNumber(nowMs, zone), locale)
}

/** Whole days from today in words; negative lies in the past. */
export function formatDayDistance(days: number, locale: Locale): string {
  const say = words[locale]
  if (days === 0) return say.today
  if (days === -1) return say.yesterday
  if (days === 1) return say.tomorrow
  const past = days < 0
  const count = Math.abs(days)
  if (count < 60) return past ? say.daysAgo(count) : say.inDays(count)
  if (count < 730) return sayMonths(Math.floor(count / 30.44), past, locale)
  const years = Math.floor(count / 365.25)
  return past ? say.yearsAgo(years) : say.inYears(years)
}

function sayMonths(months: number, past: boolean, locale: Locale): string {
  return past ? words[locale].monthsAgo(months) : words[locale].inMonths(months)
}

// Days since 1970 of the calendar date that the zone's wall clock shows, so that a visit last night
// is “yesterday” this morning, however few hours lie between.
function dayNumber(atMs: number, zone: string): number {
  const options = { timeZone: zone, year: 'numeric', month: 'numeric', day: 'numeric' } as const
  const part = Object.fromEntries(
    dateFormat('en', options)
      .formatToParts(atMs)
      .map(({ type, value }) => [type, Number(value)]),
  )
  return Date.UTC(part['year'] ?? 0, (part['month'] ?? 1) - 1, part['day'] ?? 1) / dayMs
}

/** `138****5678`. Never more than the first three and the last four digits of a number. */
export function maskPhone(phone: string): string {
  const digits = phone.replace(/\D/g, '')
  const national = phone.startsWith('+86') ? digits.slice(2) : digits
  if (national.length < 8) return `****${national.slice(-2)}`
  const head = national === digits && phone.startsWith('+') ? `+${digits.slice(0, 2)}` : ''
  return `${head || national.slice(0, 3)}****${national.slice(-4)}`
}

const byteUnits = ['B', 'kB', 'MB', 'GB'] as const

/** Storage in decimal units: `640 B`, `5.2 MB`. */
export function formatBytes(bytes: number, locale: Locale): string {
  let value = bytes
  let unit = 0
  while (value >= 999.5 && unit < byteUnits.length - 1) {
    value /= 1000
    unit += 1
  }
  const digits = unit > 0 && value < 10 ? 1 : 0
  return `${formatNumber(value, locale, digits)} ${byteUnits[unit] ?? 'B'}`
}

/** A span in its largest fitting unit: `45 秒`, `12 min`, `3.5 h`, `4 天`. */
export function formatDuration(spanMs: number, locale: Locale): string {
  const say = words[locale]
  const minutes = spanMs / 60_000
  if (minutes < 1) return say.seconds(formatNumber(Math.floor(spanMs / 1000), locale))
  if (minutes < 60) return say.minutes(formatNumber(Math.floor(minutes), locale))
  const hours = minutes / 60
  if (hours < 48) return say.hours(formatNumber(hours, locale, hours < 10 ? 1 : 0))
  return say.days(formatNumber(Math.floor(hours / 24), locale))
}
