import type { Point } from '#web/ui/chart-scale.ts'
import { declutter } from './declutter.ts'
import type { Side } from './line.ts'

export interface SlopeLine {
  id: string
  name: string
  from: Point
  to: Point
  /** Where the records behind the line are. */
  href?: string
  /** The change is beyond what chance explains. */
  broke?: Side
  /** Drawn before the others, which stay grey. */
  strong?: boolean
}

/** One end of a line, in px: where its point is and where its label found room. */
export interface SlopeEnd {
  y: number
  labelY: number
}

export interface SlopeEnds {
  from: SlopeEnd | undefined
  to: SlopeEnd | undefined
}

/** Room that a list of lines needs at least for its labels, in px. */
export function slopeHeight(count: number, rowPx: number): number {
  return Math.max(200, count * rowPx + 24)
}

/** Ends of all lines, in their order; undefined where there is no value. */
export function slopeEnds(
  lines: readonly SlopeLine[],
  y: (value: number) => number,
  rowPx: number,
  top: number,
  bottom: number,
): SlopeEnds[] {
  const from = endsOf(lines, (one) => one.from)
  const to = endsOf(lines, (one) => one.to)
  return lines.map(({ id }) => ({ from: from.get(id), to: to.get(id) }))

  function endsOf(all: readonly SlopeLine[], valueOf: (one: SlopeLine) => Point) {
    const known = all.flatMap((one) => {
      const value = valueOf(one)
      return value === null ? [] : [{ id: one.id, y: y(value) }]
    })
    const places = declutter(
      known.map((end) => end.y),
      rowPx,
      top,
      bottom,
    )
    return new Map(known.map((end, at) => [end.id, { y: end.y, labelY: places[at] ?? end.y }]))
  }
}
