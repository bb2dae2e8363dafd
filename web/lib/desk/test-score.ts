import type { ScorePartRow, ScoreReport, ScoreRow } from '#model/report-score.ts'
import type { ComponentId } from '#model/score/components.ts'
import { defaultWeights, weightsInForce } from '#model/score/components.ts'

// Rows of a ranking for the tests of this folder.

export function partRow(id: ComponentId, more: Partial<ScorePartRow> = {}): ScorePartRow {
  const figures = { raw: 0.5, n: 200, theta: 0.52, mean: 0.55, z: -0.3, part: 45 }
  return { id, ...figures, reference: 'peers', weight: 40, points: 18, ...more }
}

export function scoreRow(scope: string, more: Partial<ScoreRow> = {}): ScoreRow {
  return {
    scope,
    name: scope,
    name_en: null,
    code: null,
    region_id: null,
    peers: { format: 'community', city_tier: null, age: 'settled' },
    as_of: Date.UTC(2026, 10, 2, 2),
    left_out: null,
    score: 61.23,
    interval: { low: 55.1, high: 66.66 },
    rank: 1,
    rank_range: { low: 1, high: 3 },
    tied_with: 2,
    weight_rank: { low: 1, high: 2 },
    weight_kept: 0.987,
    geometric: 58.4,
    weakest: 'identified_rate',
    parts: [partRow('retained_rate'), partRow('identified_rate')],
    missing: ['second_visit_rate'],
    as_set: null,
    ...more,
  }
}

export function scoreReport(rows: ScoreRow[]): ScoreReport {
  const weights = defaultWeights()
  return {
    period: '2026-10',
    from: 20_727,
    to: 20_757,
    weights: {
      weights,
      in_force: weightsInForce(weights),
      recorded: ['retained_rate', 'second_visit_rate', 'identified_rate', 'spend_growth'],
      set: null,
      is_draft: false,
    },
    counts: { ranked: rows.length, stale: 0, few_facts: 0 },
    rows,
    groups: [],
    regions: [{ id: 'r1', name: '东区', name_en: 'East' }],
    seed: 7,
    computed_at: Date.UTC(2026, 10, 2, 2),
    dirty_days: 0,
  }
}
