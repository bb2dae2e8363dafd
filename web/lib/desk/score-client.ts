import * as v from 'valibot'
import type { Period } from '#model/period.ts'
import type {
  PeerGroupRow,
  ScorePartRow,
  ScoreReport,
  ScoreRow,
  ScoreTraceReport,
  WeightsInfo,
} from '#model/report-score.ts'
import { COMPONENT_IDS, type Weights } from '#model/score/components.ts'
import { weightsText } from '#model/score-setting.ts'
import { RefusedWrite } from './admin-client.ts'
import { type Fetch, read, write } from './request.ts'
import { WriteResultsShape } from './shapes.ts'

// The super-store score, read and checked; its weights, written. Every function throws DeskError.

type Shape<T> = v.GenericSchema<unknown, T>

const number = v.number()
const text = v.string()
const maybeNumber = v.nullable(number)
const maybeText = v.nullable(text)
const component = v.picklist(COMPONENT_IDS)
const range = v.object({ low: number, high: number })
const maybeRange = v.nullable(range)

const weights: Shape<Weights> = v.object({
  retained_rate: number,
  second_visit_rate: number,
  identified_rate: number,
  follow_up_rate: number,
  promise_rate: number,
  satisfaction_rate: number,
  referrals: number,
  fatigue_rate: number,
  spend_growth: number,
  staff_hour_visits: number,
})

const traits = {
  format: maybeText,
  city_tier: maybeText,
  age: v.picklist(['new', 'growing', 'settled', 'unknown']),
}

const Part: Shape<ScorePartRow> = v.object({
  id: component,
  raw: number,
  n: number,
  theta: number,
  mean: number,
  reference: v.picklist(['peers', 'chain']),
  z: number,
  part: number,
  weight: number,
  points: number,
})

const Row: Shape<ScoreRow> = v.object({
  scope: text,
  name: text,
  name_en: maybeText,
  code: maybeText,
  region_id: maybeText,
  peers: v.object(traits),
  as_of: maybeNumber,
  left_out: v.nullable(
    v.variant('reason', [
      v.object({ reason: v.literal('stale'), never: v.boolean() }),
      v.object({ reason: v.literal('few-facts'), available: number }),
    ]),
  ),
  score: maybeNumber,
  interval: maybeRange,
  rank: maybeNumber,
  rank_range: maybeRange,
  tied_with: maybeNumber,
  weight_rank: maybeRange,
  weight_kept: maybeNumber,
  geometric: maybeNumber,
  weakest: v.nullable(component),
  parts: v.array(Part),
  missing: v.array(component),
  as_set: v.nullable(v.object({ score: maybeNumber, rank: maybeNumber, rank_range: maybeRange })),
})

const Group: Shape<PeerGroupRow> = v.object({
  ...traits,
  stores: number,
  ranked: number,
  scores: v.nullable(v.object({ low: number, median: number, high: number })),
})

const Info: Shape<WeightsInfo> = v.object({
  weights,
  in_force: weights,
  recorded: v.array(component),
  set: v.nullable(v.object({ weights, at: number, by_name: text })),
  is_draft: v.boolean(),
})

const counts = v.object({ ranked: number, stale: number, few_facts: number })

export const ScoreReportShape: Shape<ScoreReport> = v.object({
  period: text,
  from: number,
  to: number,
  weights: Info,
  counts,
  rows: v.array(Row),
  groups: v.array(Group),
  regions: v.array(v.object({ id: text, name: text, name_en: maybeText })),
  seed: number,
  computed_at: number,
  dirty_days: number,
})

export const ScoreTraceShape: Shape<ScoreTraceReport> = v.object({
  period: text,
  from: number,
  to: number,
  row: Row,
  lines: v.array(
    v.object({ component, raw: text, theta: text, z: text, s: text, w: text, points: text }),
  ),
  weights: Info,
  counts,
  group: Group,
  seed: number,
  computed_at: number,
})

/** The ranking of a period; with `draft` as other weights would make it, beside what is. */
export function getScore(get: Fetch, period: Period, draft: Weights | null): Promise<ScoreReport> {
  const asked = { period: period.text, ...(draft ? { weights: weightsText(draft) } : {}) }
  return read(get, `/api/desk/score?${new URLSearchParams(asked)}`, ScoreReportShape)
}

export function getScoreTrace(
  get: Fetch,
  storeId: string,
  period: Period,
): Promise<ScoreTraceReport> {
  const query = new URLSearchParams({ period: period.text })
  const path = `/api/desk/score/${encodeURIComponent(storeId)}/trace?${query}`
  return read(get, path, ScoreTraceShape)
}

/** Sets the chain's weights. Throws RefusedWrite, too. */
export async function setWeights(get: Fetch, chosen: Weights): Promise<void> {
  const body = { weights: chosen }
  const results = await write(get, '/api/desk/score/weights', body, WriteResultsShape)
  const refused = results.find((result) => (result.first ?? result.status) === 'quarantined')
  if (refused) throw new RefusedWrite(refused)
}
