import { line } from 'd3-shape'
import type { Domain, Point } from '#web/ui/chart-scale.ts'

/** Places without data, counted from 0: `from` to `to`, both included. */
export interface Gap {
  from: number
  to: number
}

/** A value beyond its natural limits, and on which side. */
export interface Break {
  at: number
  side: Side
}

export type Side = 'above' | 'below'

/** The `d` of a line through the points. A gap breaks it: nothing is drawn over no data. */
export function linePath(
  points: readonly Point[],
  x: (at: number) => number,
  y: (value: number) => number,
): string {
  const places = points.map((value, at) => (value === null ? null : { x: x(at), y: y(value) }))
  const draw = line<{ x: number; y: number } | null>()
    .defined((place) => place !== null)
    // A place that is not defined is never asked for.
    .x((place) => place?.x ?? 0)
    .y((place) => place?.y ?? 0)
    .digits(1)
  return draw(places) ?? ''
}

/** Values with a gap on both sides. A line through one point is invisible, so they need a dot. */
export function lonePlaces(points: readonly Point[]): number[] {
  const known = (at: number) => (points[at] ?? null) !== null
  return points.flatMap((_, at) => (known(at) && !known(at - 1) && !known(at + 1) ? [at] : []))
}

export function gapsOf(points: readonly Point[]): Gap[] {
  const gaps: Gap[] = []
  points.forEach((value, at) => {
    if (value !== null) return
    const last = gaps[gaps.length - 1]
    if (last?.to === at - 1) last.to = at
    else gaps.push({ from: at, to: at })
  })
  return gaps
}

/** Where a value is news: outside its natural limits. A value on a limit is not. */
export function breaksOf(points: readonly Point[], limits: Domain | undefined): Break[] {
  if (limits === undefined) return []
  return points.flatMap((value, at): Break[] => {
    if (value === null || (value >= limits.min && value <= limits.max)) return []
    return [{ at, side: value > limits.max ? 'above' : 'below' }]
  })
}

/** A triangle around a place: its point says the side, so that it is read without colour. */
export function trianglePath(side: Side, x: number, y: number, radius: number): string {
  const tip = side === 'above' ? -radius : radius
  const half = radius * 0.95
  const base = -tip * 0.72
  const at = (dx: number, dy: number) => `${(x + dx).toFixed(1)} ${(y + dy).toFixed(1)}`
  return `M${at(0, tip)}L${at(half, base)}L${at(-half, base)}Z`
}
