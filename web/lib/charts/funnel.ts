import type { Domain, Point } from '#web/ui/chart-scale.ts'
import type { Side } from './line.ts'

/** A box in px; `x` and `y` are its upper left corner. */
export interface Box {
  x: number
  y: number
  width: number
  height: number
}

export interface Anchor {
  x: number
  y: number
  /** Size of the label, in px. */
  width: number
  height: number
  /** Where there are fewer points. */
  outward?: Side
}

/** The limits of a funnel plot at rising sample sizes `n`; every array has the length of `n`. */
export interface FunnelLimits {
  n: readonly number[]
  /** What all stores together have. */
  centre: number
  /** 95 %: about 1 in 20 stores lies outside by chance alone. */
  inner: { low: readonly number[]; high: readonly number[] }
  /** 99.9 %: about 1 in 1,000. */
  outer: { low: readonly number[]; high: readonly number[] }
}

/** The interval of rates at a sample size, by straight lines between the neighbouring `n`. */
export function limitsAt(
  n: number,
  at: readonly number[],
  { low, high }: { low: readonly number[]; high: readonly number[] },
): Domain | undefined {
  if (at.length === 0) return undefined
  const right = at.findIndex((size) => size >= n)
  const next = right < 0 ? at.length - 1 : right
  const left = Math.max(0, right < 0 ? next : next - 1)
  const from = at[left] ?? n
  const to = at[next] ?? n
  const share = to === from ? 0 : Math.min(1, Math.max(0, (n - from) / (to - from)))
  const between = (ends: readonly number[]) => {
    const first = ends[left] ?? 0
    return first + ((ends[next] ?? first) - first) * share
  }
  return { min: between(low), max: between(high) }
}

/** A limit line is left out where it lies past its bounds, as a share below zero would. */
export function within(line: readonly number[], bounds: Domain | undefined): Point[] {
  return line.map((value) => {
    const known = Number.isFinite(value)
    return known && (!bounds || (value >= bounds.min && value <= bounds.max)) ? value : null
  })
}

const CLEARANCE_PX = 9

/** Where a label stands; `lead` when it is so far from its point that a line must join them. */
export interface LabelBox extends Box {
  lead: boolean
}

/**
 * Boxes for labels of points in a plane: each tries the places around its point, near and outward
 * ones first, and takes the one that covers least of the `others`, points without a label. A label
 * that would touch another, cover a labelled point or leave the frame gets no place (null). The
 * order of `anchors` is that of precedence.
 */
export function placeLabels(
  anchors: readonly Anchor[],
  frame: Box,
  others: readonly { x: number; y: number }[] = [],
): (LabelBox | null)[] {
  const markOf = ({ x, y }: { x: number; y: number }): Box => {
    return { x: x - 5, y: y - 5, width: 10, height: 10 }
  }
  const labelled = anchors.map(markOf)
  const marks = others.map(markOf)
  const placed: LabelBox[] = []
  return anchors.map((anchor) => {
    const free = placesAround(anchor).filter((box) => {
      const inside = overlap(box, frame) >= box.width * box.height - 1
      return inside && [...placed, ...labelled].every((other) => overlap(box, other) === 0)
    })
    const costs = free.map((box, rank) => coveredBy(box, marks) + rank * RANK_COST)
    const best = free[costs.indexOf(Math.min(...costs))] ?? null
    if (best) placed.push(best)
    return best
  })
}

/** A place further down the list is worth taking when it covers that many px² less. */
const RANK_COST = 3

function placesAround({ x, y, width, height, outward }: Anchor): LabelBox[] {
  const away = outward === 'below' ? 1 : -1
  const sides = [x + CLEARANCE_PX, x - CLEARANCE_PX - width]
  const along = [x - width / 2, x - 6, x - width + 6]
  const place = (rise: number, lead: boolean) => (left: number) => {
    return { x: left, y: y - height / 2 + rise * away * height, width, height, lead }
  }
  return [
    ...sides.map(place(0, false)),
    ...along.map(place(1.05, false)),
    ...[0.6, -0.6].flatMap((rise) => sides.map(place(rise, false))),
    ...along.map(place(-1.05, false)),
    ...[1.8, 2.6, 3.4].flatMap((rise) => [...along, ...sides].map(place(rise, true))),
  ]
}

function coveredBy(box: Box, marks: readonly Box[]): number {
  return marks.reduce((area, mark) => area + overlap(box, mark), 0)
}

/** The area that two boxes share, in px². */
export function overlap(a: Box, b: Box): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x)
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y)
  return width > 0 && height > 0 ? width * height : 0
}
