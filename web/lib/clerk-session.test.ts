import { beforeEach, expect, test } from 'vitest'
import {
  clerkSession,
  isIdle,
  lockSession,
  startSession,
  touchSession,
  unlockSession,
} from './clerk-session.svelte.ts'

const li = { actor_id: 'li', unlock_id: 'u1', name: '李娜', role: 'clerk' } as const
const wang = { actor_id: 'wang', unlock_id: 'u2', name: '王芳', role: 'clerk' } as const
const MINUTE_MS = 60_000

function keeperInMemory() {
  const kept = new Map<string, string>()
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  }
}

let keeper = keeperInMemory()
beforeEach(() => {
  lockSession('/')
  keeper = keeperInMemory()
  startSession(keeper, 2, 0)
})

test('the same clerk comes back to the same screen, another one starts afresh', () => {
  unlockSession(li, 0)
  lockSession('/c/1')
  expect(unlockSession(li, 1)).toBe('/c/1')
  lockSession('/c/1')
  expect(unlockSession(wang, 2)).toBe('/')
  lockSession('/sync')
  expect(unlockSession(li, 3)).toBe('/')
})

test('the tablet is idle two minutes after the last touch', () => {
  unlockSession(li, 0)
  touchSession(MINUTE_MS)
  expect(isIdle(3 * MINUTE_MS - 1)).toBe(false)
  expect(isIdle(3 * MINUTE_MS)).toBe(true)
})

test('a reload goes on with the session, unless it was idle for too long', () => {
  unlockSession(li, 0)
  const kept = keeper.getItem('regulars.clerk') ?? ''
  lockSession('/')
  keeper.setItem('regulars.clerk', kept)
  startSession(keeper, 2, 3 * MINUTE_MS)
  expect(clerkSession.actor).toBeNull()
  keeper.setItem('regulars.clerk', kept)
  startSession(keeper, 2, MINUTE_MS)
  expect(clerkSession.actor?.actor_id).toBe('li')
})

test('a locked tablet keeps nobody, and nonsense under the key is nobody', () => {
  unlockSession(li, 0)
  lockSession('/')
  expect(keeper.getItem('regulars.clerk')).toBeNull()
  keeper.setItem('regulars.clerk', '{"actor":7}')
  startSession(keeper, 2, 1)
  expect(clerkSession.actor).toBeNull()
})
