import { must } from '../assert.ts'

// The simplex search of Nelder and Mead (Computer Journal 7, 1965): it needs no derivatives, and
// takes Infinity for "not allowed here". Without chance, so the same data give the same fit.

export interface Search {
  /** Length of the first simplex's edges, per coordinate. */
  step: number
  /** The search ends when the values at the corners differ by less. */
  tolerance: number
  maxEvaluations: number
}

export interface Found {
  point: number[]
  value: number
  isConverged: boolean
}

type Corner = readonly [point: readonly number[], value: number]
type Objective = (point: readonly number[]) => number

function middleOf(corners: readonly Corner[]): number[] {
  const [first] = must(corners[0], 'a corner')
  return first.map(
    (_, axis) => corners.reduce((sum, [point]) => sum + (point[axis] ?? 0), 0) / corners.length,
  )
}

/** The point on the line from `from` to `to`, at `share` of its length. */
function between(from: readonly number[], to: readonly number[], share: number): number[] {
  return from.map((x, axis) => x + share * ((to[axis] ?? x) - x))
}

/** The corner that takes the place of the worst one; null where nothing on its line is better. */
function replacement(at: (point: number[]) => Corner, corners: readonly Corner[]): Corner | null {
  const others = corners.slice(0, -1)
  const best = must(others[0], 'a corner')
  const second = must(others.at(-1), 'a corner')
  const worst = must(corners.at(-1), 'a corner')
  const middle = middleOf(others)
  const reflected = at(between(middle, worst[0], -1))
  if (reflected[1] < best[1]) {
    const expanded = at(between(middle, worst[0], -2))
    return expanded[1] < reflected[1] ? expanded : reflected
  }
  if (reflected[1] < second[1]) return reflected
  const isOutside = reflected[1] < worst[1]
  const contracted = at(between(middle, worst[0], isOutside ? -0.5 : 0.5))
  return contracted[1] < Math.min(reflected[1], worst[1]) ? contracted : null
}

/** The point near `start` at which `objective` is least. The value at `start` must be finite. */
export function minimise(objective: Objective, start: readonly number[], search: Search): Found {
  let evaluations = 0
  const at = (point: readonly number[]): Corner => {
    evaluations += 1
    return [point, objective(point)]
  }
  let corners = [
    at(start),
    ...start.map((_, axis) => at(start.map((x, other) => (other === axis ? x + search.step : x)))),
  ]
  for (;;) {
    corners.sort((a, b) => a[1] - b[1])
    const best = must(corners[0], 'a corner')
    const worst = must(corners.at(-1), 'a corner')
    const isConverged = worst[1] - best[1] <= search.tolerance
    if (isConverged || evaluations >= search.maxEvaluations)
      return { point: [...best[0]], value: best[1], isConverged }
    const better = replacement(at, corners)
    corners = better
      ? [...corners.slice(0, -1), better]
      : [best, ...corners.slice(1).map(([point]) => at(between(best[0], point, 0.5)))]
  }
}
