import { expect, test } from 'vitest'
import { clockMinutes, readHours, writeHours } from './hours.ts'

test('hours come back from the form as they went in, days off and midnight included', () => {
  const hours: [number, number][] = Array.from({ length: 5 }, () => [600, 1320])
  const week = [...hours, null, [0, 1440] as [number, number]]
  expect(writeHours(readHours(week))).toEqual(week)
})

test('a store without hours begins with the usual ones', () => {
  expect(writeHours(readHours(undefined))?.[6]).toEqual([540, 1260])
})

test('a day that closes before it opens is no day', () => {
  const days = readHours(undefined)
  expect(
    writeHours([{ open: '21:00', close: '09:00', closed: false }, ...days.slice(1)]),
  ).toBeNull()
  expect(writeHours([{ open: '', close: '09:00', closed: false }, ...days.slice(1)])).toBeNull()
})

test('only clock times are read', () => {
  expect([clockMinutes('09:30'), clockMinutes('24:00'), clockMinutes('24:01')]).toEqual([
    570,
    1440,
    null,
  ])
})
