// Where everything of a funnel plot stands, in px. What it means is told in funnel.ts.
import type { Domain } from '#web/ui/chart-scale.ts'
import { declutter } from './declutter.ts'
import { fitText, widthOf } from './fit-text.ts'
import {
  limitsAt,
  placeLabels,
  within,
  type Box,
  type FunnelLimits,
  type LabelBox,
} from './funnel.ts'
import { linePath, type Side } from './line.ts'
import { linearAxis, logAxis, spanOf, type Axis } from './scale.ts'

export interface FunnelPoint {
  id: string
  name: string
  /** What the rate is of: larger stores stand further right. */
  n: number
  rate: number
  /** Where the records behind the point are. */
  href?: string
  /** Beyond its limits: drawn as a triangle, with its name. */
  alert?: Side
}

export interface FunnelAsked {
  points: readonly FunnelPoint[]
  limits: FunnelLimits
  names: { centre: string; inner: string; outer: string }
  format: (rate: number) => string
  kind: 'log' | 'linear'
  bounds: Domain | undefined
  width: number
  height: number
}

/** The name of a point that is beyond its limits, and the point itself. */
export interface FunnelLabel {
  id: string
  text: string
  box: LabelBox
  point: { x: number; y: number }
}

export interface FunnelPlane {
  x: Axis
  y: Axis
  /** The field of the points. */
  frame: Box
  lines: { id: string; path: string }[]
  /** Names of the lines, right of the field. */
  ends: { id: string; text: string; y: number }[]
  /** Of those points that have room for it; the others are named in hand and in the table. */
  labels: FunnelLabel[]
}

const FONT_PX = 13
/** Bold letters of 13 px are as wide as plain ones of 14. */
const BOLD_PX = 14
const LABEL_MAX_PX = 150

export function funnelPlane(asked: FunnelAsked): FunnelPlane {
  const { limits, kind, bounds, width, height } = asked
  const { xSpan, ySpan } = spansOf(asked)
  const yTicks = linearAxis(ySpan, 0, 1, 5).ticks
  const left = 10 + Math.max(0, ...yTicks.map((tick) => widthOf(asked.format(tick), FONT_PX)))
  const { centre, inner, outer } = asked.names
  const names = [widthOf(centre, BOLD_PX), widthOf(inner, FONT_PX), widthOf(outer, FONT_PX)]
  const right = 12 + Math.max(...names)
  const frame = { x: left, y: 12, width: Math.max(60, width - left - right), height: height - 60 }
  const across = [frame.x, frame.x + frame.width] as const
  const y = linearAxis(ySpan, frame.y + frame.height, frame.y, 5)
  const count = Math.max(2, Math.floor(frame.width / 70))
  const x = (kind === 'log' ? logAxis : linearAxis)(xSpan, across[0], across[1], count)
  const sizeAt = (at: number) => x.at(limits.n[at] ?? 1)
  const lines = (['outer', 'inner'] as const).flatMap((level) =>
    (['low', 'high'] as const).map((side) => ({
      id: `${level}-${side}`,
      path: linePath(within(limits[level][side], bounds), sizeAt, y.at),
    })),
  )
  const labels = labelsOf(asked, frame, x.at, y.at)
  return { x, y, frame, lines, ends: endsOf(asked, xSpan.max, ySpan, y.at, frame), labels }
}

/** Those furthest off come first: where room is short, they are the ones that keep their names. */
function labelsOf(
  { points, limits, width }: FunnelAsked,
  frame: Box,
  x: (n: number) => number,
  y: (rate: number) => number,
): FunnelLabel[] {
  const placeOf = ({ n, rate }: FunnelPoint) => ({ x: x(n), y: y(rate) })
  const off = ({ rate }: FunnelPoint) => Math.abs(rate - limits.centre)
  const alerts = points.filter(({ alert }) => alert).toSorted((a, b) => off(b) - off(a))
  const texts = alerts.map(({ name }) => fitText(name, Math.min(LABEL_MAX_PX, width / 3), BOLD_PX))
  const anchors = alerts.map((point, at) => ({
    ...placeOf(point),
    width: widthOf(texts[at] ?? '', BOLD_PX) + 2,
    height: 17,
    ...(point.alert ? { outward: point.alert } : {}),
  }))
  const others = points.filter(({ alert }) => !alert).map(placeOf)
  return placeLabels(anchors, frame, others).flatMap((box, at): FunnelLabel[] => {
    const point = alerts[at]
    if (!box || !point) return []
    return [{ id: point.id, text: texts[at] ?? '', box, point: placeOf(point) }]
  })
}

function spansOf({ points, limits, kind, bounds }: FunnelAsked): { xSpan: Domain; ySpan: Domain } {
  const sizes = points.length > 0 ? points.map(({ n }) => n) : limits.n
  const least = Math.min(...sizes, Infinity)
  const most = Math.max(...sizes, 1)
  const even = spanOf(sizes, 0.04)
  // Stores of one size would leave nothing of the funnel: the axis spans a factor of four at least.
  const room = Math.max(1.15, Math.sqrt((4 * least) / most))
  const xSpan = kind === 'log' ? { min: least / room, max: most * room } : even
  // The mouth of a funnel is wider than any store is off; it must not press the points together.
  const shown = (line: readonly number[]) =>
    line.filter((_, at) => (limits.n[at] ?? 0) >= least * 1.5)
  const rates = [
    ...points.map(({ rate }) => rate),
    ...shown(limits.inner.low),
    ...shown(limits.inner.high),
    limits.centre,
  ]
  return { xSpan, ySpan: spanOf(rates, 0.08, bounds) }
}

function endsOf(
  { limits, names }: FunnelAsked,
  n: number,
  ySpan: Domain,
  y: (value: number) => number,
  frame: Box,
): FunnelPlane['ends'] {
  const inner = limitsAt(n, limits.n, limits.inner)
  const outer = limitsAt(n, limits.n, limits.outer)
  const all = [
    { id: 'outer-high', text: names.outer, value: outer?.max },
    { id: 'inner-high', text: names.inner, value: inner?.max },
    { id: 'centre', text: names.centre, value: limits.centre },
    { id: 'inner-low', text: names.inner, value: inner?.min },
    { id: 'outer-low', text: names.outer, value: outer?.min },
  ]
  const drawn = all.flatMap(({ value, ...rest }) => {
    if (value === undefined || within([value], ySpan)[0] === null) return []
    return [{ ...rest, y: y(value) }]
  })
  const wanted = drawn.map((end) => end.y)
  const places = declutter(wanted, 17, frame.y + 6, frame.y + frame.height - 2)
  return drawn.map((end, at) => ({ ...end, y: places[at] ?? end.y }))
}
