// Sensing lag, from when something happened to when the ledger knew of it, kept as counts per
// bucket so that any span of hours and any set of stores has its percentiles by adding up.

const BUCKETS_PER_DOUBLING = 4
const FIRST_MS = 100
/** A hundred days; what is older counts as that old. */
const LAST = Math.ceil(Math.log2((100 * 86_400_000) / FIRST_MS) * BUCKETS_PER_DOUBLING)

/** The bucket of a lag: its upper edge is at most 19 % above the lag itself. */
export function lagBucket(lagMs: number): number {
  if (lagMs <= FIRST_MS) return 0
  return Math.min(LAST, Math.ceil(Math.log2(lagMs / FIRST_MS) * BUCKETS_PER_DOUBLING))
}

/** The upper edge of a bucket, in ms. */
export function bucketMs(bucket: number): number {
  return Math.round(FIRST_MS * 2 ** (bucket / BUCKETS_PER_DOUBLING))
}

/** Whether every lag of a bucket is longer than `ms`; those around it are given the doubt. */
export function isLonger(bucket: number, ms: number): boolean {
  return bucket > 0 && bucketMs(bucket - 1) >= ms
}

/** The lag that `share` (0 to 1) of the ops did not exceed, in ms; null without ops. */
export function lagPercentile(counts: ReadonlyMap<number, number>, share: number): number | null {
  const total = [...counts.values()].reduce((sum, ops) => sum + ops, 0)
  let left = total * share
  for (const [bucket, ops] of [...counts].sort(([a], [b]) => a - b)) {
    left -= ops
    if (left <= 0) return bucketMs(bucket)
  }
  return null
}
