/**
 * Where a key leads among `count` marks that stand in rows of `columns`; undefined when the key is
 * not one of ours. One column means a single row of points, where all arrows go along it.
 */
export function nextMark(
  key: string,
  at: number,
  count: number,
  columns: number,
): number | undefined {
  const next = targetOf(key, at, count, columns)
  if (next === undefined || count === 0) return undefined
  return next < 0 || next >= count ? at : next
}

function targetOf(key: string, at: number, count: number, columns: number): number | undefined {
  const row = at - (at % columns)
  if (key === 'ArrowRight') return at + 1
  if (key === 'ArrowLeft') return at - 1
  if (key === 'ArrowDown') return at + columns
  if (key === 'ArrowUp') return at - columns
  if (key === 'Home') return columns === 1 ? 0 : row
  if (key === 'End') return columns === 1 ? count - 1 : Math.min(count, row + columns) - 1
  return undefined
}
