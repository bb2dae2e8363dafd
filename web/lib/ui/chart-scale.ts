/** A value for a place on the axis; null where nothing was measured, which is not zero. */
export type Point = number | null

export interface Domain {
  min: number
  max: number
}

/** The span of all values, opened by 1 when they are all equal; 0 to 1 when there are none. */
export function domainOf(values: readonly Point[]): Domain {
  const known = values.filter((value) => value !== null)
  if (known.length === 0) return { min: 0, max: 1 }
  const min = Math.min(...known)
  const max = Math.max(...known)
  return min === max ? { min: min - 0.5, max: max + 0.5 } : { min, max }
}

/** Round values (1, 2 or 5 times a power of ten) inside the domain, about `count` of them. */
export function ticksOf({ min, max }: Domain, count: number): number[] {
  const rough = (max - min) / Math.max(1, count)
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = [1, 2, 5, 10].map((part) => part * power).find((size) => size >= rough) ?? rough
  const ticks: number[] = []
  for (let at = Math.ceil(min / step); at * step <= max + step * 1e-9; at += 1) {
    ticks.push(Number((at * step).toPrecision(12)))
  }
  return ticks
}

/** A straight-line scale from a domain to pixels; the range may run downwards, as y does. */
export function scaleLinear({ min, max }: Domain, from: number, to: number) {
  const factor = max === min ? 0 : (to - from) / (max - min)
  return (value: number) => from + (value - min) * factor
}

/** The `d` of a line through the points. A gap breaks it, so that no line is drawn over no data. */
export function linePath(
  points: readonly Point[],
  x: (at: number) => number,
  y: (value: number) => number,
): string {
  let path = ''
  let open = false
  points.forEach((value, at) => {
    if (value === null) {
      open = false
      return
    }
    path += `${open ? 'L' : 'M'}${x(at).toFixed(1)} ${y(value).toFixed(1)}`
    open = true
  })
  return path
}

/** Places of the labels that fit below an axis: the last always, the others evenly before it. */
export function labelPlaces(count: number, most: number): number[] {
  if (count <= 0) return []
  const step = Math.max(1, Math.ceil(count / Math.max(1, most)))
  const places: number[] = []
  for (let at = count - 1; at >= 0; at -= step) places.unshift(at)
  return places
}

/**
 * About how wide a text of 13 px is. Good enough to keep room beside a chart before it is drawn; a
 * Han character is as wide as it is high, others a little over half of that.
 */
export function textWidthPx(text: string): number {
  return [...text].reduce((sum, sign) => sum + (/\p{Script=Han}/u.test(sign) ? 13 : 7.6), 0)
}
