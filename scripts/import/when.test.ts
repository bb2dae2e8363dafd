// A date read in the wrong zone, or as the wrong day, moves figures from one month to another.
import { expect, test } from 'vitest'
import { businessDay, parseDay } from '#model/calendar.ts'
import { dateReader, dayReader, isDateFormat } from './when.ts'

const NEW_YORK = 'America/New_York'

test('a day without a time is noon at the store, far from any cut-off', () => {
  const at = dateReader('YYYY-MM-DD')('1997-07-01', NEW_YORK)
  expect(at).toBe(Date.UTC(1997, 6, 1, 16))
  expect(businessDay(at ?? 0, NEW_YORK, 240)).toBe(parseDay('1997-07-01'))
})

test('a wall time is that of the store, on both sides of a clock change', () => {
  const read = dateReader('DD.MM.YYYY HH:mm:ss')
  expect(read('01.03.2017 09:30:15', NEW_YORK)).toBe(Date.UTC(2017, 2, 1, 14, 30, 15))
  expect(read('01.04.2017 09:30:15', NEW_YORK)).toBe(Date.UTC(2017, 3, 1, 13, 30, 15))
})

test('an instant keeps its own zone', () => {
  const read = dateReader('iso')
  expect(read('2017-01-01T12:30:27Z', NEW_YORK)).toBe(Date.UTC(2017, 0, 1, 12, 30, 27))
  expect(read('2017-01-01 12:30:27+08:00', NEW_YORK)).toBe(Date.UTC(2017, 0, 1, 4, 30, 27))
  expect(read('2017-01-01T12:30:27', NEW_YORK)).toBeNull()
})

test('seconds and milliseconds since 1970 are read', () => {
  expect(dateReader('unix')('1500000000', NEW_YORK)).toBe(1_500_000_000_000)
  expect(dateReader('unix-ms')('1500000000000', NEW_YORK)).toBe(1_500_000_000_000)
})

test.each([
  ['YYYY-MM-DD', '1997-02-29'],
  ['YYYY-MM-DD', '1997-13-01'],
  ['YYYY-MM-DD', '1997-1-1'],
  ['YYYY-MM-DD', '1997-01-01x'],
  ['YYYYMMDD', '19970230'],
  ['YYYY-MM-DD HH:mm', '1997-01-01 24:00'],
  ['D/M/YYYY', '0/1/1997'],
])('%s does not read %s', (format, text) => {
  expect(dateReader(format)(text, NEW_YORK)).toBeNull()
})

test('a birthday may come without its year', () => {
  expect(dayReader('MM-DD')('02-29')).toBe(parseDay('2000-02-29'))
  expect(dayReader('YYYY/M/D')('1990/5/1')).toBe(parseDay('1990-05-01'))
})

test('a text is a date format only with one month and one day', () => {
  expect(['iso', 'YYYY-MM-DD', 'D.M.YYYY HH:mm'].every(isDateFormat)).toBe(true)
  expect(['', 'YYYY', 'MM', 'DD DD', 'date'].some(isDateFormat)).toBe(false)
})
