import type { ScoreRow } from '#model/report-score.ts'

// What other weights would do to the ranking.

export interface RankMove {
  row: ScoreRow
  /** Places won (above 0) or lost; null for a store that enters or leaves the ranking. */
  places: number | null
  /** Whether the new rank lies outside of the range that the present facts leave open. */
  isOutside: boolean
}

/** How each store moves, the farthest first; those that stay are left out. */
export function rankMoves(rows: readonly ScoreRow[]): RankMove[] {
  return rows
    .flatMap((row): RankMove[] => {
      const before = row.as_set
      if (!before || before.rank === row.rank) return []
      const places = before.rank === null || row.rank === null ? null : before.rank - row.rank
      const range = before.rank_range
      const isWithin =
        range !== null && row.rank !== null && row.rank >= range.low && row.rank <= range.high
      return [{ row, places, isOutside: !isWithin }]
    })
    .sort((a, b) => distance(b) - distance(a) || (a.row.rank ?? 0) - (b.row.rank ?? 0))
}

function distance({ places }: RankMove): number {
  return places === null ? Infinity : Math.abs(places)
}
