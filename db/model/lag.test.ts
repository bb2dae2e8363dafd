import { expect, test } from 'vitest'
import { bucketMs, lagBucket, lagPercentile } from './lag.ts'

test('a bucket never tells a lag shorter than it was, nor more than a fifth longer', () => {
  for (const lagMs of [101, 250, 1_000, 59_999, 3_600_000, 3 * 86_400_000]) {
    const told = bucketMs(lagBucket(lagMs))
    expect(told).toBeGreaterThanOrEqual(lagMs - 1)
    expect(told).toBeLessThan(lagMs * 1.2)
  }
  expect(lagBucket(0)).toBe(0)
  expect(lagBucket(1e15)).toBe(lagBucket(1e14))
})

test('percentiles are read off the counts of all buckets together', () => {
  const counts = new Map([
    [lagBucket(200), 90],
    [lagBucket(60_000), 9],
    [lagBucket(86_400_000), 1],
  ])
  expect(lagPercentile(counts, 0.5)).toBe(200)
  expect(lagPercentile(counts, 0.95)).toBe(bucketMs(lagBucket(60_000)))
  expect(lagPercentile(counts, 1)).toBe(bucketMs(lagBucket(86_400_000)))
  expect(lagPercentile(new Map(), 0.5)).toBeNull()
})
