// Ranks over time: who overtook whom.
import type { Point } from '#web/ui/chart-scale.ts'

export interface BumpLine {
  id: string
  name: string
  /** A figure per period; null is no data, and has no rank. */
  points: readonly Point[]
  /** Where the records behind the line are. */
  href?: string
}

/**
 * The rank of each line in each period, from 1 for the highest figure; equal figures share the
 * better rank. A line without data in a period has none there, and takes none from the others.
 */
export function ranksOf(lines: readonly BumpLine[]): (number | null)[][] {
  return lines.map(({ points }) =>
    points.map((value, at) => {
      if (value === null) return null
      const others = lines.map((line) => line.points[at] ?? null)
      return 1 + others.filter((other) => other !== null && other > value).length
    }),
  )
}

/** Equal ranks stand beside each other, not upon each other: as a part of a row's height. */
export function tieOffsets(ranks: readonly (readonly (number | null)[])[], at: number): number[] {
  const column = ranks.map((line) => line[at] ?? null)
  return column.map((rank, line) => {
    if (rank === null) return 0
    const tied = column.flatMap((other, index) => (other === rank ? [index] : []))
    return (tied.indexOf(line) - (tied.length - 1) / 2) * 0.3
  })
}
