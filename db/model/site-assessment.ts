import { robustScale, zOf } from './score/normalise.ts'
import type { Advice, Purpose } from './site.ts'
import type { Availability } from './site-hours.ts'

// The quarterly judgement of a site against its own purpose: each purpose has measures of its own,
// and each measure is compared with stores of the same purpose. Advice follows from them by rule,
// with the evidence beside it; a person decides.

/** Facts of a store's quarter that the measures are made of. */
export interface SiteFacts {
  store_id: string
  purpose: Purpose
  /** Money is compared within one currency only. */
  currency: string
  visits: number
  visitors: number
  new: number
  returning: number
  spend_minor: number
  /** Visits with a sale, which spend is told per. */
  sales: number
  /** Null when nothing is known of the quarter before. */
  visits_before: number | null
  availability: Availability
  /** Its tablets have been silent, so that more of the quarter may come: see `isStale`. */
  stale: boolean
}

/** What a site is judged by, per purpose; more is better in all of them. */
export const MEASURES = {
  divert: ['visits_per_open_hour', 'visits_change'],
  draw: ['new_customers', 'new_share'],
  serve: ['returning_customers', 'spend_per_visit'],
} as const satisfies Record<Purpose, readonly string[]>
export type Measure = (typeof MEASURES)[Purpose][number]

function ratio(numerator: number, denominator: number): number | null {
  return denominator > 0 ? numerator / denominator : null
}

/**
 * The value of a measure; null is "no data". Units: visits an hour, shares of 1, people, minor
 * units of money.
 */
export function measureOf(facts: SiteFacts, measure: Measure): number | null {
  // A site without one visit may not have opened, or record nothing: a zero would be made up.
  if (facts.visits === 0) return null
  switch (measure) {
    case 'visits_per_open_hour':
      return ratio(facts.visits, facts.availability.available / 60)
    case 'visits_change':
      return facts.visits_before === null
        ? null
        : ratio(facts.visits - facts.visits_before, facts.visits_before)
    case 'new_customers':
      return facts.new
    case 'new_share':
      return ratio(facts.new, facts.visitors)
    case 'returning_customers':
      return facts.returning
    case 'spend_per_visit':
      return ratio(facts.spend_minor, facts.sales)
  }
}

/** Stores of one purpose that a comparison takes at least. */
export const SITE_PEERS_MIN = 5
/** So many robust standard deviations from the peers' median are strong, or weak. */
const FAR = 1
/** A store that keeps less of its promise has that to mend first. */
export const AVAILABILITY_MIN = 0.95
/** Below this many visits in a quarter nothing is judged. */
const VISITS_MIN = 30

export type Standing = 'strong' | 'usual' | 'weak' | 'no-data'

export interface Evidence {
  measure: Measure
  value: number | null
  /** The median of the peers, and how far the store is from it in robust deviations. */
  peers: number | null
  z: number | null
  standing: Standing
}

export interface SiteAssessment {
  store_id: string
  purpose: Purpose
  /** Visits that the judgement rests on, and sites of the purpose that it may be compared with. */
  visits: number
  peers: number
  evidence: Evidence[]
  /** Share of the promised minutes that was kept; null when none were promised. */
  kept: number | null
  /** Null: too little is known to advise. */
  advice: Advice | null
  why:
    | 'availability'
    | 'weak-twice'
    | 'weak'
    | 'one-weak'
    | 'sound'
    | 'few-peers'
    | 'few-visits'
    | 'stale'
}

function evidenceOf(facts: SiteFacts, measure: Measure, peers: readonly SiteFacts[]): Evidence {
  const value = measureOf(facts, measure)
  const isMoney = measure === 'spend_per_visit'
  const alike = isMoney ? peers.filter((peer) => peer.currency === facts.currency) : peers
  const values = alike.flatMap((peer) => measureOf(peer, measure) ?? [])
  if (value === null || facts.stale || values.length < SITE_PEERS_MIN)
    return { measure, value, peers: null, z: null, standing: 'no-data' }
  const scale = robustScale(values)
  const z = zOf(value, scale, 'higher')
  const standing = z >= FAR ? 'strong' : z <= -FAR ? 'weak' : 'usual'
  return { measure, value, peers: scale.median, z, standing }
}

type Verdict = Pick<SiteAssessment, 'advice' | 'why'>

function verdictOf(
  facts: SiteFacts,
  evidence: readonly Evidence[],
  kept: number | null,
  wasWeak: boolean,
): Verdict {
  if (kept !== null && kept < AVAILABILITY_MIN) return { advice: 'fix', why: 'availability' }
  if (facts.stale) return { advice: null, why: 'stale' }
  if (facts.visits < VISITS_MIN) return { advice: null, why: 'few-visits' }
  const known = evidence.filter((one) => one.standing !== 'no-data')
  if (known.length === 0) return { advice: null, why: 'few-peers' }
  const weak = known.filter((one) => one.standing === 'weak').length
  if (weak === 0) return { advice: 'keep', why: 'sound' }
  if (weak < known.length) return { advice: 'fix', why: 'one-weak' }
  if (!wasWeak) return { advice: 'fix', why: 'weak' }
  // A queue that nobody needs diverted is over; what should draw or serve may do so elsewhere.
  return { advice: facts.purpose === 'divert' ? 'close' : 'move', why: 'weak-twice' }
}

/**
 * The assessment of every site of a quarter. `weakBefore` are the stores that were weak in all of
 * their measures in the quarter before: moving or closing is never advised on one quarter alone. A
 * site of which more may come, or with too few visits, is neither judged nor compared with.
 */
export function assessSites(
  sites: readonly SiteFacts[],
  weakBefore: ReadonlySet<string>,
): SiteAssessment[] {
  const whole = sites.filter((site) => !site.stale && site.visits >= VISITS_MIN)
  const byPurpose = Map.groupBy(whole, (site) => site.purpose)
  return sites.map((facts) => {
    const peers = byPurpose.get(facts.purpose) ?? []
    const evidence = MEASURES[facts.purpose].map((measure) => evidenceOf(facts, measure, peers))
    const { promised, available } = facts.availability
    const kept = ratio(available, promised)
    const verdict = verdictOf(facts, evidence, kept, weakBefore.has(facts.store_id))
    const { store_id, purpose, visits } = facts
    return { store_id, purpose, visits, peers: peers.length, evidence, kept, ...verdict }
  })
}

/** Whether an assessment found its store weak in everything that it could judge. */
export function isWeak({ why }: Pick<SiteAssessment, 'why'>): boolean {
  return why === 'weak' || why === 'weak-twice'
}
