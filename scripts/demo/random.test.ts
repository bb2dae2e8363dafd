import { expect, test } from 'vitest'
import { id } from '#model/id.ts'
import * as v from 'valibot'
import { seededRandom, uuid7 } from './random.ts'

test('the same seed gives the same numbers, a fork has its own', () => {
  const draw = (seed: string) => Array.from({ length: 5 }, seededRandom(seed).next)
  expect(draw('a')).toEqual(draw('a'))
  expect(draw('a')).not.toEqual(draw('b'))
  const [used, unused] = [seededRandom('a'), seededRandom('a')]
  used.next()
  expect(used.fork('x').next()).toBe(unused.fork('x').next())
})

test('shares and medians come out as asked', () => {
  const random = seededRandom('shares')
  const many = Array.from({ length: 20_000 }, () => random.logNormal(24, 0.5)).sort((a, b) => a - b)
  expect(many[10_000]).toBeGreaterThan(23)
  expect(many[10_000]).toBeLessThan(25)
  const counts = [0, 0, 0]
  for (let n = 0; n < 20_000; n += 1) {
    const index = random.weighted([1, 2, 1])
    counts[index] = (counts[index] ?? 0) + 1
  }
  expect((counts[1] ?? 0) / 20_000).toBeCloseTo(0.5, 1)
})

test('ids are version 7 and carry their instant', () => {
  const made = uuid7(1_700_000_000_000, seededRandom('ids'))
  expect(v.is(id, made)).toBe(true)
  expect(made.startsWith('018bcfe5-6800-7')).toBe(true)
})
