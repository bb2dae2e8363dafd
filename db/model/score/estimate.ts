// One component over all stores: each figure shrunk towards its peers, and placed among them.
import { assert, must } from '../assert.ts'
import {
  shrinkCounts,
  shrinkMeans,
  shrinkRates,
  type Counted,
  type Measured,
  type Posterior,
  type Shrinkage,
} from '../stats/shrink.ts'
import { standardDeviation } from '../stats/posterior.ts'
import { COMPONENTS, type ComponentId } from './components.ts'
import { partScore, scaleOf, zOf, type RobustScale } from './normalise.ts'
import { referencesOf, type Reference } from './peers.ts'

/** A mean with its standard error (above 0) and of how many facts it is the mean. */
export interface MeanFact extends Measured {
  n: number
}

/** x of n for a rate, x over an exposure n for a count; a measured value for a mean. */
export type ScoreFact = Counted | MeanFact

/** What a store has for a component; absent or with n = 0 means no data. */
export type ScoreFacts = Readonly<Partial<Record<ComponentId, ScoreFact>>>

/** A store as far as one component needs it. */
export interface Subject {
  id: string
  peer_group: string
  facts: ScoreFacts
}

export interface Estimate {
  fact: ScoreFact
  /** x/n, or the measured value. */
  raw: number
  /** The shrunk figure, in the unit of the raw one. */
  theta: number
  posterior: Posterior
  /** -3 to 3, positive where good. */
  z: number
  /** Part score, 0 to 100. */
  part: number
  scale: RobustScale
  reference: { scope: Reference<unknown>['scope']; stores: number; mean: number }
}

export function isMeanFact(fact: ScoreFact): fact is MeanFact {
  return 'error' in fact
}

function isCounted(fact: ScoreFact): fact is Counted {
  return 'x' in fact
}

export function rawOf(fact: ScoreFact): number {
  return isMeanFact(fact) ? fact.value : fact.x / fact.n
}

/** What a store has for a component; null when that is no data. */
export function factOf({ facts }: Subject, id: ComponentId): ScoreFact | null {
  const fact = facts[id]
  return fact && fact.n > 0 ? fact : null
}

function shrink(id: ComponentId, facts: readonly ScoreFact[]): Shrinkage {
  const { kind } = COMPONENTS[id]
  const means = facts.filter(isMeanFact)
  const counts = facts.filter(isCounted)
  assert(
    (kind === 'mean' ? counts : means).length === 0,
    `facts of ${id} are not those of a ${kind}`,
  )
  const found =
    kind === 'mean'
      ? shrinkMeans(means)
      : kind === 'rate'
        ? shrinkRates(counts)
        : shrinkCounts(counts)
  return must(found, 'a reference without facts')
}

/** The estimates of a component by store id, for those stores that have facts for it. */
export function estimatesOf(id: ComponentId, stores: readonly Subject[]): Map<string, Estimate> {
  const known = stores.flatMap((store) => {
    const fact = factOf(store, id)
    return fact ? [{ id: store.id, peer_group: store.peer_group, fact }] : []
  })
  const estimates = new Map<string, Estimate>()
  for (const { reference, subjects } of referencesOf(known)) {
    const { mean, members } = shrink(
      id,
      reference.stores.map(({ fact }) => fact),
    )
    const scale = scaleOf(
      members.map(({ theta }) => theta),
      members.map(({ posterior }) => standardDeviation(posterior)),
    )
    const about = { scope: reference.scope, stores: members.length, mean }
    const wanted = new Set(subjects)
    reference.stores.forEach((store, index) => {
      if (!wanted.has(store)) return
      const { theta, posterior } = must(members[index], 'a member of each store')
      const z = zOf(theta, scale, COMPONENTS[id].better)
      const raw = rawOf(store.fact)
      const part = partScore(z)
      const estimate = { fact: store.fact, raw, theta, posterior, z, part, scale }
      estimates.set(store.id, { ...estimate, reference: about })
    })
  }
  return estimates
}
