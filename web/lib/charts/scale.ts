import { extent, ticks as evenTicks } from 'd3-array'
import { scaleLinear, scaleLog, scaleQuantize } from 'd3-scale'
import type { Domain, Point } from '#web/ui/chart-scale.ts'

/** From values to pixels, with the values that are written beside the axis. */
export interface Axis {
  at: (value: number) => number
  ticks: number[]
}

/**
 * The span of all values, opened by `pad` of its size on both sides, so that a mark on the edge is
 * drawn whole, but never past `bounds` (a share knows no 104 %). Equal values are opened by a tenth
 * of themselves; without any value the span is the bounds, or 0 to 1.
 */
export function spanOf(values: Iterable<Point>, pad = 0.06, bounds?: Domain): Domain {
  const finite = [...values].filter((value) => value !== null && Number.isFinite(value))
  const [min, max] = extent(finite.filter((value) => value !== null))
  if (min === undefined || max === undefined) return bounds ?? { min: 0, max: 1 }
  const room = min === max ? Math.abs(min) / 10 || 0.5 : (max - min) * pad
  const low = Math.max(min - room, Math.min(min, bounds?.min ?? -Infinity))
  const high = Math.min(max + room, Math.max(max, bounds?.max ?? Infinity))
  // One value that lies on both bounds at once: nothing is left to open but the bounds themselves.
  return low === high ? { min: low - 0.5, max: high + 0.5 } : { min: low, max: high }
}

/** A straight scale of about `count` ticks; the pixels may run downwards, as y does. */
export function linearAxis({ min, max }: Domain, from: number, to: number, count: number): Axis {
  const scale = scaleLinear([min, max], [from, to])
  return { at: (value) => scale(value), ticks: scale.ticks(count) }
}

/**
 * A logarithmic scale for counts that differ by powers of ten. Ticks are 1, 2 and 5 times a power
 * of ten, or the powers alone where those would be too many, or even steps within less than one
 * power. A span that touches zero begins at 1 or below; zero itself, which has no logarithm, stands
 * at the start.
 */
export function logAxis(span: Domain, from: number, to: number, count: number): Axis {
  const min = span.min > 0 ? span.min : Math.min(1, span.max > 0 ? span.max / 10 : 1)
  const max = Math.max(span.max, min * 1.1)
  const scale = scaleLog([min, max], [from, to])
  const round = roundValues([1, 2, 5], min, max)
  const few = round.length <= count ? round : roundValues([1], min, max)
  const ticks = few.length >= 2 ? few : evenTicks(min, max, count)
  return { at: (value) => (value > 0 ? scale(value) : from), ticks }
}

/** Parts times powers of ten between two positive values, both included. */
function roundValues(parts: readonly number[], min: number, max: number): number[] {
  const first = Math.floor(Math.log10(min))
  const powers = Array.from(
    { length: Math.ceil(Math.log10(max)) - first + 1 },
    (_, at) => at + first,
  )
  return powers
    .flatMap((power) => parts.map((part) => Number((part * 10 ** power).toPrecision(12))))
    .filter((value) => value >= min && value <= max)
}

/** The step of a sequential colour, from 1 to `steps`: even parts of the domain, ends included. */
export function stepOf(value: number, { min, max }: Domain, steps: number): number {
  const numbers = Array.from({ length: steps }, (_, at) => at + 1)
  return max > min ? scaleQuantize([min, max], numbers)(value) : 1
}
