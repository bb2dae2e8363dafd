/** Gaps between visits of one length: those a visit ended, and those that are open as yet. */
export interface GapCount {
  days: number
  closed: number
  open: number
}

export interface SurvivalStep {
  days: number
  /** Gaps known to last at least this long. */
  at_risk: number
  /** Estimated share of gaps longer than `days`. */
  survival: number
}

/** Shares that should be equal may differ by this much after many multiplications. */
const ROUNDING = 1e-12

/**
 * The share of gaps that last longer than each length at which some were closed, ascending.
 * Source: Kaplan & Meier 1958. An open gap counts as lasting until its present length and tells
 * nothing beyond; where both happen on one day, those closed come first. Rows may come in any order
 * and more than once per length.
 */
export function survivalOfGaps(gaps: readonly GapCount[]): SurvivalStep[] {
  const byDays = Map.groupBy(gaps, ({ days }) => days)
  let atRisk = gaps.reduce((sum, { closed, open }) => sum + closed + open, 0)
  let survival = 1
  const steps: SurvivalStep[] = []
  for (const days of [...byDays.keys()].sort((a, b) => a - b)) {
    const rows = byDays.get(days) ?? []
    const closed = rows.reduce((sum, row) => sum + row.closed, 0)
    const open = rows.reduce((sum, row) => sum + row.open, 0)
    if (closed > 0) {
      survival *= 1 - closed / atRisk
      steps.push({ days, at_risk: atRisk, survival })
    }
    atRisk -= closed + open
  }
  return steps
}

/**
 * The length in days that half of the gaps do not exceed, open ones counted as censored. Null where
 * fewer than half are known to have closed: the median lies beyond what was seen.
 */
export function medianGapDays(gaps: readonly GapCount[]): number | null {
  const half = survivalOfGaps(gaps).find(({ survival }) => survival <= 0.5 + ROUNDING)
  return half?.days ?? null
}
