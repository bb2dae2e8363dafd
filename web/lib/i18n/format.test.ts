import { expect, test } from 'vitest'
import {
  formatBytes,
  formatChange,
  formatDate,
  formatDateTime,
  formatDay,
  formatDuration,
  formatMoney,
  formatNumber,
  formatPercent,
  formatRelativeDay,
  formatShortDate,
  formatTime,
  maskPhone,
} from './format.ts'

// 2026-11-21 23:30 in Shanghai, still 10:30 of the same day in New York.
const lateEvening = Date.UTC(2026, 10, 21, 15, 30)
const hourMs = 3_600_000
const shanghai = 'Asia/Shanghai'

test('numbers are grouped and carry the decimals that were asked for', () => {
  expect(formatNumber(12480, 'zh')).toBe('12,480')
  expect(formatNumber(1.5, 'en', 2)).toBe('1.50')
})

test('a change shows its sign, and nothing changed shows none', () => {
  expect(formatChange(12, 'en')).toBe('+12')
  expect(formatChange(-3, 'zh')).toBe('−3')
  expect(formatChange(0, 'zh')).toBe('0')
})

test('money has as many decimals as its currency', () => {
  expect(formatMoney(123456, 'CNY', 'zh')).toBe('¥1,234.56')
  expect(formatMoney(123456, 'USD', 'en')).toBe('$1,234.56')
  expect(formatMoney(1234, 'JPY', 'en')).toBe('¥1,234')
  expect(formatMoney(123456, 'CNY', 'zh', true)).toBe('¥1,235')
})

test('a ratio is shown as a percentage', () => {
  expect(formatPercent(0.8734, 'zh')).toBe('87.3%')
  expect(formatPercent(1, 'en', 0)).toBe('100%')
})

test('dates and times are those of the zone that is passed in', () => {
  expect(formatDate(lateEvening, shanghai, 'zh')).toBe('2026年11月21日')
  expect(formatShortDate(lateEvening, shanghai, 'en')).toBe('21 Nov')
  expect(formatTime(lateEvening, shanghai, 'zh')).toBe('23:30')
  expect(formatTime(lateEvening, 'America/New_York', 'en')).toBe('10:30')
  expect(formatDateTime(lateEvening, shanghai, 'zh')).toBe('11月21日 23:30')
  expect(formatDateTime(lateEvening, shanghai, 'en')).toBe('21 Nov 23:30')
})

test('midnight is 00:00 and not 24:00', () => {
  expect(formatTime(Date.UTC(2026, 0, 1), 'UTC', 'en')).toBe('00:00')
})

test('a business day has the same date everywhere', () => {
  expect(formatDay('2026-11-21', 'en')).toBe('21 November 2026')
})

test('relative days count midnights and not hours', () => {
  const soonAfter = lateEvening + hourMs
  expect(formatRelativeDay(lateEvening, soonAfter, shanghai, 'zh')).toBe('昨天')
  expect(formatRelativeDay(lateEvening, soonAfter, 'America/New_York', 'en')).toBe('today')
})

test('relative days go from days to months to years', () => {
  const ago = (days: number) =>
    formatRelativeDay(lateEvening - days * 24 * hourMs, lateEvening, shanghai, 'zh')
  expect([ago(12), ago(120), ago(800)]).toEqual(['12 天前', '3 个月前', '2 年前'])
})

test('relative days name the future', () => {
  const inDays = (days: number) =>
    formatRelativeDay(lateEvening + days * 24 * hourMs, lateEvening, shanghai, 'en')
  expect([inDays(1), inDays(3), inDays(61)]).toEqual(['tomorrow', 'in 3 days', 'in 2 months'])
})

test('a phone number never shows more than seven digits', () => {
  expect(maskPhone('+8613812345678')).toBe('138****5678')
  expect(maskPhone('13812345678')).toBe('138****5678')
  expect(maskPhone('+14155550123')).toBe('+14****0123')
  expect(maskPhone('5550123')).toBe('****23')
})

test('bytes keep at most three figures', () => {
  expect(formatBytes(640, 'en')).toBe('640 B')
  expect(formatBytes(5_240_000, 'zh')).toBe('5.2 MB')
  expect(formatBytes(999_900, 'en')).toBe('1.0 MB')
})

test('a duration is told in its largest fitting unit', () => {
  const seconds = [45, 12 * 60, 3.5 * 3600, 4.2 * 86_400]
  expect(seconds.map((s) => formatDuration(s * 1000, 'zh'))).toEqual([
    '45 秒',
    '12 分钟',
    '3.5 小时',
    '4 天',
  ])
})
