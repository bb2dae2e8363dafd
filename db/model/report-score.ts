import type { ComponentId, Weights } from './score/components.ts'
import type { StoreAge } from './score/peers.ts'
import type { TraceLine } from './score/trace.ts'
import type { Interval } from './stats/wilson.ts'

// What the desk reads of the super-store score, under /api/desk/score. All stores of the chain are
// scored in one run; the answer is cut to the stores of the session, with their ranks in the chain.

/** Shares, growth and scores are rounded to 6 digits in an answer; a trace is not. */
export interface ScorePartRow {
  id: ComponentId
  /** x/n, or the growth itself; a share or a change, never in percent. */
  raw: number
  /** Facts behind it: customers, visits, visits with a sale. */
  n: number
  /** The figure shrunk towards those of its peers. */
  theta: number
  /** Mean of those it is measured against, and whether these are its peers or the chain. */
  mean: number
  reference: 'peers' | 'chain'
  /** -3 to 3, positive where good. */
  z: number
  /** Part score, 0 to 100. */
  part: number
  /** Points of 100 that the component carries for this store, and what it adds to the score. */
  weight: number
  points: number
}

/** Whom a store is measured against: the same format, the same tier of city, about as old. */
export interface PeerTraitsRow {
  format: string | null
  city_tier: string | null
  age: StoreAge
}

export type NotRanked =
  /** Its devices have been silent for longer than three days, or never spoke. */
  | { reason: 'stale'; never: boolean }
  /** Facts for this share (0 to 1) of the weight in force only. */
  | { reason: 'few-facts'; available: number }

export interface ScoreRow {
  scope: string
  name: string
  name_en: string | null
  code: string | null
  region_id: string | null
  peers: PeerTraitsRow
  /** Up to when its figures are whole; null when its devices never spoke. */
  as_of: number | null
  /** Why it is not in the ranking; then score to weakest are null. */
  left_out: NotRanked | null
  score: number | null
  /** 90 % interval of the score. */
  interval: Interval | null
  /** Place in the chain; equal scores share the better one. */
  rank: number | null
  /** Ranks held in 90 % of the draws, and how many stores share a part of that range. */
  rank_range: Interval | null
  tied_with: number | null
  /** Ranks when each weight moves by up to a quarter; share of these draws within the range. */
  weight_rank: Interval | null
  weight_kept: number | null
  /** Geometric mean of the part scores: one broken link pulls it down. */
  geometric: number | null
  weakest: ComponentId | null
  parts: ScorePartRow[]
  /** Components in force without facts of this store. */
  missing: ComponentId[]
  /** With the weights that are set, where the report is of others; null when it is not. */
  as_set: { score: number | null; rank: number | null; rank_range: Interval | null } | null
}

/** A peer group of some store in scope, as numbers; its members are not named. */
export interface PeerGroupRow extends PeerTraitsRow {
  stores: number
  ranked: number
  /** Quartiles of the scores of its ranked stores; null without any. */
  scores: { low: number; median: number; high: number } | null
}

export interface WeightsInfo {
  /** Points per component, which add up to 100, as the report uses them. */
  weights: Weights
  /** The same for components that have facts in the product, scaled to 100. */
  in_force: Weights
  /** Components whose facts the product records. */
  recorded: ComponentId[]
  /** What is set for the chain: who set it and when, null while the default stands. */
  set: { weights: Weights; at: number; by_name: string } | null
  /** Whether the report uses other weights than those that are set, for a look ahead. */
  is_draft: boolean
}

/** GET /api/desk/score?period=2026-10[&weights=20-15-...]; other weights: headquarters only. */
export interface ScoreReport {
  period: string
  /** The first and the last day that it tells of; a running period ends today. */
  from: number
  to: number
  weights: WeightsInfo
  /** Of the whole chain. */
  counts: { ranked: number; stale: number; few_facts: number }
  /** Those ranked in order of rank, then the others. */
  rows: ScoreRow[]
  groups: PeerGroupRow[]
  regions: { id: string; name: string; name_en: string | null }[]
  /** Seed of the draws: the same facts, period and weights give the same report. */
  seed: number
  /** When the run was made; figures are whole up to here. */
  computed_at: number
  dirty_days: number
}

/** GET /api/desk/score/:store/trace?period=: one store's score, step by step. */
export interface ScoreTraceReport {
  period: string
  from: number
  to: number
  row: ScoreRow
  lines: TraceLine[]
  weights: WeightsInfo
  counts: ScoreReport['counts']
  group: PeerGroupRow
  seed: number
  computed_at: number
}
