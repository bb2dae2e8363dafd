// A scan that is missed sends the clerk to the keyboard; typing that is taken for a scan loses what
// a clerk wrote. Real scanners differ in speed, so this pins the rule, not any one device.
import { expect, test } from 'vitest'
import { ScanReader, SCAN_SETTLE_MS } from './scan.ts'

/** Feeds keys at a steady gap from 1,000 ms on; answers the last outcome. */
function type(reader: ScanReader, keys: readonly string[], gapMs: number, inField = false) {
  return keys.map((key, index) => reader.read({ key, atMs: 1_000 + index * gapMs, inField })).at(-1)
}

const card = [...'M00012345']

test('a burst with a terminator is a scan, and its Enter does not press a button', () => {
  const outcome = type(new ScanReader(), [...card, 'Enter'], 12)
  expect(outcome).toEqual({ text: 'M00012345', swallow: true })
})

test('the line feed after a carriage return does nothing', () => {
  const reader = new ScanReader()
  type(reader, [...card, 'Enter'], 12)
  const second = reader.read({ key: 'j', ctrl: true, atMs: 1_130, inField: false })
  expect(second).toEqual({ text: null, swallow: true })
})

test('Shift and other named keys inside the burst are left out', () => {
  const outcome = type(new ScanReader(), ['F8', 'Shift', ...card, 'Tab'], 12)
  expect(outcome?.text).toBe('M00012345')
})

test('a scanner without terminator is understood after a silence', () => {
  const reader = new ScanReader()
  type(reader, card, 12)
  const lastMs = 1_000 + (card.length - 1) * 12
  expect(reader.settle(lastMs + 50, false)).toBeNull()
  expect(reader.settle(lastMs + SCAN_SETTLE_MS, false)).toBe('M00012345')
  expect(reader.settle(lastMs + 2 * SCAN_SETTLE_MS, false)).toBeNull()
})

test('a person who types is no scanner', () => {
  expect(type(new ScanReader(), [...card, 'Enter'], 140)?.text).toBeNull()
  expect(type(new ScanReader(), ['1', '2', '3', 'Enter'], 12)?.text).toBeNull()
})

test('quick typing into a field stays typing, a scan into a field is still a scan', () => {
  expect(type(new ScanReader(), [...'zhang', 'Enter'], 60, true)?.text).toBeNull()
  expect(type(new ScanReader(), [...card, 'Enter'], 12, true)?.text).toBe('M00012345')
})

test('a burst longer than a second and a half is no scan', () => {
  const long = [...'123456789012345678901234567890']
  expect(type(new ScanReader(), [...long, 'Enter'], 60)?.text).toBeNull()
})

test('keys of an input method that composes are no scan', () => {
  const reader = new ScanReader()
  for (const [index, key] of [...'wanglin'].entries())
    reader.read({ key, atMs: 1_000 + index * 10, inField: true, composing: true })
  expect(reader.read({ key: 'Enter', atMs: 1_080, inField: true }).text).toBeNull()
})
