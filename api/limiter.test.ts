// A limiter that forgets too early lets a guesser in; one that never forgets locks people out.
import { expect, test } from 'vitest'
import { Limiter } from './limiter.ts'

test('the attempt after the last allowed one is told how long to wait', () => {
  const limiter = new Limiter(2, 1_000)
  expect(limiter.take('a', 0)).toBeNull()
  expect(limiter.take('a', 100)).toBeNull()
  expect(limiter.take('a', 400)).toBe(600)
})

test('a key is free again when its window has ended', () => {
  const limiter = new Limiter(1, 1_000)
  limiter.take('a', 0)
  expect(limiter.take('a', 999)).toBe(1)
  expect(limiter.take('a', 1_000)).toBeNull()
})

test('one key does not use up the attempts of another', () => {
  const limiter = new Limiter(1, 1_000)
  limiter.take('a', 0)
  expect(limiter.take('b', 0)).toBeNull()
})

test('a success forgives the attempts before it', () => {
  const limiter = new Limiter(1, 1_000)
  limiter.take('a', 0)
  limiter.forget('a')
  expect(limiter.take('a', 1)).toBeNull()
})

test('a success under a shared key gives back one attempt, not those of others', () => {
  const limiter = new Limiter(2, 1_000)
  limiter.take('office', 0)
  limiter.take('office', 0)
  limiter.giveBack('office')
  expect(limiter.take('office', 1)).toBeNull()
  expect(limiter.take('office', 2)).not.toBeNull()
})

test('made-up keys cannot grow the memory, and the newest are kept', () => {
  const limiter = new Limiter(1, 1_000)
  for (let key = 0; key < 30_000; key += 1) limiter.take(`key ${key}`, key / 1_000)
  expect(limiter.size).toBeLessThanOrEqual(10_000)
  expect(limiter.take('key 29999', 30)).not.toBeNull()
})
