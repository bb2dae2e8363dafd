import { expect, test } from 'vitest'
import { redirectOf } from './gate.ts'

const fresh = {
  enrolled: false,
  hasCustomers: false,
  unlocked: false,
  mustEnrolAgain: false,
  revoked: false,
}
const downloading = { ...fresh, enrolled: true }
const locked = { ...downloading, hasCustomers: true }
const unlocked = { ...locked, unlocked: true }

test('a device that belongs to no store can only be enrolled', () => {
  expect(redirectOf('/', fresh)).toBe('/enrol')
  expect(redirectOf('/c/1', fresh)).toBe('/enrol')
  expect(redirectOf('/enrol', fresh)).toBeNull()
})

test('an enrolled device stays with its first download until the first part is in', () => {
  expect(redirectOf('/enrol', downloading)).toBeNull()
  expect(redirectOf('/', downloading)).toBe('/enrol')
  expect(redirectOf('/enrol', locked)).toBe('/unlock')
})

test('no screen with customers is shown before somebody unlocked', () => {
  for (const path of ['/', '/c/1', '/c/new', '/sync'])
    expect(redirectOf(path, locked)).toBe('/unlock')
  expect(redirectOf('/c/1', unlocked)).toBeNull()
  expect(redirectOf('/unlock', unlocked)).toBeNull()
})

test('a device that the server does not know goes on serving and may be enrolled again', () => {
  const unknown = { ...unlocked, mustEnrolAgain: true }
  expect(redirectOf('/enrol', unknown)).toBeNull()
  expect(redirectOf('/c/1', unknown)).toBeNull()
  expect(redirectOf('/sync', { ...unknown, unlocked: false })).toBe('/unlock')
})

test('a revoked device shows no customer, and its unsent work to whoever unlocks it', () => {
  const revoked = { ...unlocked, mustEnrolAgain: true, revoked: true }
  for (const path of ['/', '/c/1', '/c/new']) expect(redirectOf(path, revoked)).toBe('/enrol')
  expect(redirectOf('/enrol', revoked)).toBeNull()
  expect(redirectOf('/sync', revoked)).toBeNull()
  expect(redirectOf('/sync', { ...revoked, unlocked: false })).toBe('/unlock')
})
