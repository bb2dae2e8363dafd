// Labels beside their points: as near as they can be without printing over each other.

/**
 * Places for labels that want to stand at `wanted` (px) but need `gap` px between each other and
 * must stay between `min` and `max`. The order is kept and the sum of squared moves is the smallest
 * possible. When they do not all fit, they share the room evenly.
 *
 * Method: without the gaps (place minus rank times gap) the places may only not fall, which is
 * isotonic regression, solved by pooling adjacent violators (Barlow et al. 1972). Cutting that
 * solution at the bounds solves the bounded problem too.
 */
export function declutter(
  wanted: readonly number[],
  gap: number,
  min: number,
  max: number,
): number[] {
  const count = wanted.length
  if (count === 0) return []
  const step = Math.min(gap, Math.max(0, max - min) / Math.max(1, count - 1))
  const order = wanted.map((place, index) => ({ place, index }))
  order.sort((a, b) => a.place - b.place || a.index - b.index)
  const pooled = pool(order.map(({ place }, rank) => place - rank * step))
  const last = Math.max(min, max - (count - 1) * step)
  const places = new Array<number>(count).fill(0)
  order.forEach(({ index }, rank) => {
    places[index] = Math.min(last, Math.max(min, pooled[rank] ?? min)) + rank * step
  })
  return places
}

/** The rising sequence nearest to the values, in least squares. */
function pool(values: readonly number[]): number[] {
  const blocks: { mean: number; count: number }[] = []
  for (const value of values) {
    let block = { mean: value, count: 1 }
    for (let last = blocks.at(-1); last && last.mean > block.mean; last = blocks.at(-1)) {
      const count = last.count + block.count
      block = { mean: (last.mean * last.count + block.mean * block.count) / count, count }
      blocks.pop()
    }
    blocks.push(block)
  }
  return blocks.flatMap(({ mean, count }) => new Array<number>(count).fill(mean))
}
