import type { Judgement } from './judgement.ts'
import { WEEK_DAYS } from './week-figures.ts'

/** Weeks in which a store was beyond its limits, with no longer a rest than the cool-down. */
export interface Episode {
  store_id: string
  /** The judgements that fired, in order of time; the first one is when it began. */
  fired: readonly [Judgement, ...Judgement[]]
}

/**
 * Firings of one rule to episodes: one that comes within the cool-down of the last belongs to the
 * same, so that nothing is said twice. Judgements in any order, each beyond its limits.
 */
export function episodesOf(firings: readonly Judgement[], coolDownDays: number): Episode[] {
  const episodes: Episode[] = []
  for (const [store_id, own] of Map.groupBy(firings, (one) => one.store_id)) {
    let fired: [Judgement, ...Judgement[]] | null = null
    for (const next of own.sort((a, b) => a.week - b.week)) {
      const last = fired?.at(-1)
      if (fired && last && (next.week - last.week) * WEEK_DAYS <= coolDownDays) {
        fired.push(next)
        continue
      }
      fired = [next]
      episodes.push({ store_id, fired })
    }
  }
  return episodes
}
