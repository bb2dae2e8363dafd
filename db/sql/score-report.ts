import { mayReadStore, type Scope } from '#model/access.ts'
import { must } from '#model/assert.ts'
import type { Period } from '#model/period.ts'
import type {
  NotRanked,
  PeerGroupRow,
  ScorePartRow,
  ScoreReport,
  ScoreRow,
  ScoreTraceReport,
  WeightsInfo,
} from '#model/report-score.ts'
import { defaultWeights, recordedComponents, type Weights } from '#model/score/components.ts'
import type { ScorePart, StoreScore } from '#model/score/score.ts'
import { traceOf } from '#model/score/trace.ts'
import { quartiles } from '#model/stats/quantile.ts'
import type { Interval } from '#model/stats/wilson.ts'
import { asOfStores } from './as-of.ts'
import type { Ledger } from './ledger.ts'
import { readOrg } from './reports.ts'
import { readScoreSetting, type SetWeights } from './score-setting.ts'
import { type Org, type ScoredChain, scoredStores, type ScoreRuns } from './score-run.ts'

// The score as the desk reads it: the chain's one run, cut to the stores of the reader.

const DIGITS = 6

/** A figure as short as a screen can tell it: five thousand stores are one answer. */
function short(value: number): number {
  return Number(value.toPrecision(DIGITS))
}

function shortInterval(interval: Interval | null): Interval | null {
  return interval && { low: short(interval.low), high: short(interval.high) }
}

function partRow(part: ScorePart): ScorePartRow {
  const { id, fact, reference } = part
  return {
    id,
    raw: short(part.raw),
    n: fact.n,
    theta: short(part.theta),
    mean: short(reference.mean),
    reference: reference.scope,
    z: short(part.z),
    part: short(part.part),
    weight: short(part.weight),
    points: short(part.points),
  }
}

function leftOut({ left_out }: StoreScore): NotRanked | null {
  if (left_out?.reason !== 'stale') return left_out
  return { reason: 'stale', never: left_out.detail === 'never' }
}

/** What a report is made from. */
interface Sight {
  stores: ReadonlyMap<string, Org['stores'][number]>
  asOf: ReadonlyMap<string, number>
  chain: ScoredChain
  /** The run with the weights that are set, where `chain` is one with others. */
  asSet: ReadonlyMap<string, StoreScore> | null
}

function asSetOf(store: StoreScore | undefined): ScoreRow['as_set'] {
  if (!store) return null
  const { score, rank } = store
  const rank_range = rank && { low: rank.low, high: rank.high }
  return { score: score === null ? null : short(score), rank: rank?.rank ?? null, rank_range }
}

function rowOf(store: StoreScore, sight: Sight): ScoreRow {
  const { id, rank, score, geometric } = store
  const { name, name_en, code, region_id } = must(sight.stores.get(id), 'a store of the chain')
  const peers = must(sight.chain.traits.get(id), 'traits of a scored store')
  return {
    scope: id,
    name,
    name_en,
    code,
    region_id,
    peers,
    as_of: sight.asOf.get(id) ?? null,
    left_out: leftOut(store),
    score: score === null ? null : short(score),
    interval: shortInterval(store.interval),
    rank: rank?.rank ?? null,
    rank_range: rank && { low: rank.low, high: rank.high },
    tied_with: rank?.tied_with ?? null,
    weight_rank: store.weight_rank,
    weight_kept: store.weight_kept,
    geometric: geometric === null ? null : short(geometric),
    weakest: store.weakest,
    parts: store.parts.map(partRow),
    missing: store.missing,
    as_set: asSetOf(sight.asSet?.get(id)),
  }
}

function groupRow(group: readonly StoreScore[], { traits }: ScoredChain): PeerGroupRow {
  const [first] = group
  const peers = must(first && traits.get(first.id), 'traits of a scored store')
  const scores = group.flatMap(({ score }) => (score === null ? [] : [score]))
  const spread = quartiles(scores)
  return {
    ...peers,
    stores: group.length,
    ranked: scores.length,
    scores: spread && {
      low: short(spread.low),
      median: short(spread.median),
      high: short(spread.high),
    },
  }
}

/** The groups that some of the stores belong to, the largest first. */
function groupRows(stores: readonly StoreScore[], chain: ScoredChain): PeerGroupRow[] {
  const wanted = new Set(stores.map(({ peer_group }) => peer_group))
  const groups = Map.groupBy(chain.stores, ({ peer_group }) => peer_group)
  return [...groups]
    .filter(([name]) => wanted.has(name))
    .map(([, group]) => groupRow(group, chain))
    .sort((a, b) => b.stores - a.stores)
}

function countsOf({ stores }: ScoredChain): ScoreReport['counts'] {
  const count = (reason: string | undefined) =>
    stores.filter(({ left_out }) => left_out?.reason === reason).length
  return { ranked: count(undefined), stale: count('stale'), few_facts: count('few-facts') }
}

function weightsInfo(
  weights: Weights,
  chain: ScoredChain,
  set: SetWeights | null,
  is_draft: boolean,
): WeightsInfo {
  return { weights, in_force: chain.weights, recorded: [...recordedComponents()], set, is_draft }
}

/**
 * The scores of the stores that a reader may see, of a period. Other weights than those that are
 * set are for a look ahead, beside what is.
 */
export async function scoreReport(
  ledger: Ledger,
  runs: ScoreRuns,
  scope: Scope,
  period: Period,
  draft: Weights | null,
): Promise<ScoreReport> {
  const org = await readOrg(ledger)
  const asOf = await asOfStores(ledger)
  const set = await readScoreSetting(ledger)
  const inUse = set?.weights ?? defaultWeights()
  const weights = draft ?? inUse
  const chain = await runs.of({ period, weights }, org, asOf)
  const usual = draft ? await runs.of({ period, weights: inUse }, org, asOf) : null
  const asSet = usual && new Map(usual.stores.map((store) => [store.id, store]))
  const mine = readable(org, scope)
  const stores = chain.stores.filter(({ id }) => mine.has(id))
  const sight = { stores: mine, asOf, chain, asSet }
  return {
    period: period.text,
    from: chain.from,
    to: chain.to,
    weights: weightsInfo(weights, chain, set, draft !== null),
    counts: countsOf(chain),
    rows: stores.map((store) => rowOf(store, sight)),
    groups: groupRows(stores, chain),
    regions: regionsOf(org, scope),
    seed: chain.seed,
    computed_at: chain.computed_at,
    dirty_days: chain.dirty_days,
  }
}

function readable(org: Org, scope: Scope): Sight['stores'] {
  const stores = scoredStores(org).filter((one) => mayReadStore(scope, one.id, one.region_id))
  return new Map(stores.map((store) => [store.id, store]))
}

function regionsOf({ regions }: Org, scope: Scope): ScoreReport['regions'] {
  return regions
    .filter(({ id }) => scope.all || id === scope.region_id)
    .map(({ id, name, name_en }) => ({ id, name, name_en }))
}

/** One store's score, step by step; null when there is no such store for the reader. */
export async function scoreTrace(
  ledger: Ledger,
  runs: ScoreRuns,
  scope: Scope,
  storeId: string,
  period: Period,
): Promise<ScoreTraceReport | null> {
  const org = await readOrg(ledger)
  const stores = readable(org, scope)
  if (!stores.has(storeId)) return null
  const asOf = await asOfStores(ledger)
  const set = await readScoreSetting(ledger)
  const weights = set?.weights ?? defaultWeights()
  const chain = await runs.of({ period, weights }, org, asOf)
  // A store that was opened while a run is still used is not in it yet.
  const store = chain.stores.find(({ id }) => id === storeId)
  if (!store) return null
  const group = chain.stores.filter(({ peer_group }) => peer_group === store.peer_group)
  return {
    period: period.text,
    from: chain.from,
    to: chain.to,
    row: rowOf(store, { stores, asOf, chain, asSet: null }),
    lines: traceOf(store),
    weights: weightsInfo(weights, chain, set, false),
    counts: countsOf(chain),
    group: groupRow(group, chain),
    seed: chain.seed,
    computed_at: chain.computed_at,
  }
}
