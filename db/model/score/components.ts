// What the super-store score 超级门店 is made of. One table: a new component is one entry here and
// the facts that the ledger fills in.
import { assert } from '../assert.ts'

/** rate: x of n; count: x events over an exposure n; mean: a value with its standard error. */
export type ComponentKind = 'rate' | 'mean' | 'count'

export interface ScoreComponent {
  kind: ComponentKind
  /** Whether more of it is better. */
  better: 'higher' | 'lower'
  /** Share of the score in points, when every component has facts. */
  weight: number
  /** Whether the product records the facts as yet; until then the others carry the weight. */
  recorded: boolean
}

export const COMPONENT_IDS = [
  'retained_rate',
  'second_visit_rate',
  'identified_rate',
  'follow_up_rate',
  'promise_rate',
  'satisfaction_rate',
  'referrals',
  'fatigue_rate',
  'spend_growth',
  'staff_hour_visits',
] as const
export type ComponentId = (typeof COMPONENT_IDS)[number]

/** Weights and their order are those of the definitions page; headquarters may set others. */
export const COMPONENTS: Readonly<Record<ComponentId, ScoreComponent>> = {
  /** Customers active a period ago who came again, of those who were active. */
  retained_rate: { kind: 'rate', better: 'higher', weight: 20, recorded: true },
  /** New customers with a second visit within 60 days, of those whose 60 days have passed. */
  second_visit_rate: { kind: 'rate', better: 'higher', weight: 15, recorded: true },
  /** Identified visits of all visits, on days with an anonymous tally. */
  identified_rate: { kind: 'rate', better: 'higher', weight: 10, recorded: true },
  /** Follow-ups done in time, of those due. */
  follow_up_rate: { kind: 'rate', better: 'higher', weight: 10, recorded: false },
  /** Tickets answered in time and promises kept, of those due. */
  promise_rate: { kind: 'rate', better: 'higher', weight: 10, recorded: false },
  /** Ratings of 4 and 5, of all ratings. */
  satisfaction_rate: { kind: 'rate', better: 'higher', weight: 10, recorded: false },
  /** New customers brought by customers, over the active customers. */
  referrals: { kind: 'count', better: 'higher', weight: 10, recorded: false },
  /** Customers contacted more often than the cap, of those who may be contacted. */
  fatigue_rate: { kind: 'rate', better: 'lower', weight: 5, recorded: false },
  /** Change of spend per visit against the period before, as a share of it. */
  spend_growth: { kind: 'mean', better: 'higher', weight: 5, recorded: true },
  /** Identified visits over staffed hours. */
  staff_hour_visits: { kind: 'count', better: 'higher', weight: 5, recorded: false },
}

/** Points per component, each at least 0; they need not add up to 100. */
export type Weights = Readonly<Record<ComponentId, number>>

function weightsBy(weightOf: (id: ComponentId) => number): Weights {
  const entries = COMPONENT_IDS.map((id) => [id, weightOf(id)] as const)
  // Object.fromEntries forgets the names; every one of COMPONENT_IDS was given an entry above.
  return Object.fromEntries(entries) as Record<ComponentId, number>
}

/** The weights of the definitions page, which add up to 100. */
export function defaultWeights(): Weights {
  return weightsBy((id) => COMPONENTS[id].weight)
}

/** The components whose facts the product records. */
export function recordedComponents(): ReadonlySet<ComponentId> {
  return new Set(COMPONENT_IDS.filter((id) => COMPONENTS[id].recorded))
}

/**
 * The weights in force: components that nobody can have facts for get 0 and the others their weight
 * in proportion, so that they add up to 100. All 0 when no recorded component has any weight.
 */
export function weightsInForce(
  weights: Weights,
  recorded: ReadonlySet<ComponentId> = recordedComponents(),
): Weights {
  assert(
    COMPONENT_IDS.every((id) => weights[id] >= 0 && Number.isFinite(weights[id])),
    'a weight must be a number of at least 0',
  )
  const known = (id: ComponentId) => (recorded.has(id) ? weights[id] : 0)
  const sum = COMPONENT_IDS.reduce((all, id) => all + known(id), 0)
  return weightsBy((id) => (sum === 0 ? 0 : (known(id) / sum) * 100))
}
