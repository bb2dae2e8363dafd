// Sets of days as half-open spans, in the order of time.

/** Half-open days; a span that has not ended ends at Infinity. */
export type Days = readonly [from: number, to: number]

/** Days on which somebody counts as present: each visit day opens a window of `windowDays`. */
export function windowsOf(sortedDays: readonly number[], windowDays: number): Days[] {
  const windows: [number, number][] = []
  for (const day of sortedDays) {
    const open = windows.at(-1)
    if (open && day < open[1]) open[1] = day + windowDays
    else windows.push([day, day + windowDays])
  }
  return windows
}

export function unite(spans: Days[]): Days[] {
  const united: [number, number][] = []
  for (const [from, to] of spans.filter((s) => s[0] < s[1]).sort((a, b) => a[0] - b[0])) {
    const open = united.at(-1)
    if (open && from <= open[1]) open[1] = Math.max(open[1], to)
    else united.push([from, to])
  }
  return united
}

export function intersect(some: readonly Days[], spans: readonly Days[]): Days[] {
  return some.flatMap(([from, to]) =>
    spans.map(([a, b]): Days => [Math.max(from, a), Math.min(to, b)]).filter(([a, b]) => a < b),
  )
}

/** What is left of some spans without others, which are in the order of time. */
export function without(some: readonly Days[], removed: readonly Days[]): readonly Days[] {
  if (removed.length === 0) return some
  const gaps: Days[] = []
  let from = -Infinity
  for (const [start, end] of removed) {
    gaps.push([from, start])
    from = Math.max(from, end)
  }
  return intersect(some, [...gaps, [from, Infinity]])
}
