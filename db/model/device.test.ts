// What is at stake: a dark tablet shown as fresh. Every device has exactly one state, and the
// stronger fact wins; open hours decide between quiet and stale.
import fc from 'fast-check'
import * as v from 'valibot'
import { expect, test } from 'vitest'
import { Device, DEVICE_STATES, deviceState } from './device.ts'
import { openMinutesBetween } from './store.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const NOW = Date.UTC(2026, 10, 20, 12)

test.each([
  ['revoked, whatever else', { revoked: true, silentMs: 0, open: 0 }, 'revoked'],
  ['revoked before it ever spoke', { revoked: true, silentMs: null, open: 0 }, 'revoked'],
  ['never heard of', { revoked: false, silentMs: null, open: 9999 }, 'never'],
  [
    'silent for more than 3 days',
    { revoked: false, silentMs: 72 * HOUR_MS + 1, open: 0 },
    'missing',
  ],
  ['silent for 3 days of holiday', { revoked: false, silentMs: 72 * HOUR_MS, open: 0 }, 'quiet'],
  [
    'silent for more than 4 open hours',
    { revoked: false, silentMs: 5 * HOUR_MS, open: 241 },
    'stale',
  ],
  ['silent for 4 open hours', { revoked: false, silentMs: 4 * HOUR_MS, open: 240 }, 'quiet'],
  ['silent overnight, closed', { revoked: false, silentMs: 12 * HOUR_MS, open: 10 }, 'quiet'],
  [
    'silent for more than 15 minutes',
    { revoked: false, silentMs: 15 * MINUTE_MS + 1, open: 16 },
    'quiet',
  ],
  ['heard of 15 minutes ago', { revoked: false, silentMs: 15 * MINUTE_MS, open: 15 }, 'fresh'],
  [
    'heard of in the future, by a clock’s fault',
    { revoked: false, silentMs: -HOUR_MS, open: 0 },
    'fresh',
  ],
] as const)('a device that is %s', (_name, { revoked, silentMs, open }, state) => {
  const lastSeenAt = silentMs === null ? null : NOW - silentMs
  expect(deviceState({ revoked, lastSeenAt }, open, NOW)).toBe(state)
})

test('longer silence never makes a device look better', () => {
  const rank = (state: (typeof DEVICE_STATES)[number]) => DEVICE_STATES.indexOf(state)
  const silence = fc.record({ ms: fc.nat(100 * HOUR_MS), more: fc.nat(100 * HOUR_MS) })
  fc.assert(
    fc.property(silence, fc.boolean(), ({ ms, more }, isOpen) => {
      const after = (silentMs: number) =>
        deviceState(
          { revoked: false, lastSeenAt: NOW - silentMs },
          isOpen ? silentMs / MINUTE_MS : 0,
          NOW,
        )
      expect(rank(after(ms + more))).toBeLessThanOrEqual(rank(after(ms)))
    }),
  )
})

const DAY = 1440
const MONDAY = 20_759 * DAY // Minutes of a local clock that counts from 1970.
const WEEK: [number, number][] = Array.from({ length: 7 }, () => [600, 1200])

test.each([
  ['within the hours', 700, 760, 60],
  ['from before opening', 540, 660, 60],
  ['past closing', 1140, 1260, 60],
  ['overnight', 1140, DAY + 660, 120],
  ['a whole day', 0, DAY, 600],
  ['three days', 0, 3 * DAY, 1800],
  ['no time at all', 700, 700, 0],
  ['backwards', 760, 700, 0],
])('open minutes %s are counted', (_name, from, to, open) => {
  expect(openMinutesBetween(WEEK, MONDAY + from, MONDAY + to)).toBe(open)
})

test('a closed day counts nothing, and hours begin with Monday', () => {
  const sundayOnly = WEEK.map((span, index) => (index === 6 ? span : null))
  expect(openMinutesBetween(sundayOnly, MONDAY, MONDAY + 6 * DAY)).toBe(0)
  expect(openMinutesBetween(sundayOnly, MONDAY, MONDAY + 7 * DAY)).toBe(600)
})

test('unknown hours count as nine to nine', () => {
  expect(openMinutesBetween(undefined, MONDAY, MONDAY + DAY)).toBe(720)
  expect(openMinutesBetween(undefined, MONDAY, MONDAY + 540)).toBe(0)
})

test('a device belongs to one book and is active unless said otherwise', () => {
  const tablet = { name: 'Till 1', at: 'chain', role: 'tablet' }
  expect(v.parse(Device, tablet).state).toBe('active')
  expect(v.is(Device, { ...tablet, at: 'everywhere' })).toBe(false)
})
