// Stores are compared with stores like them: the same format, the same tier of city, about as old.

/** With fewer stores than this, a group says too little and the chain stands in for it. */
export const PEERS_MIN = 8

const YEAR_DAYS = 365
/** A store finds its regulars in its first year, and keeps growing until about its third. */
const GROWING_YEARS = 1
const SETTLED_YEARS = 3

export type StoreAge = 'new' | 'growing' | 'settled' | 'unknown'

/** The age of a store on business day `today`, by the day it opened. */
export function storeAge(openedOn: number | null, today: number): StoreAge {
  if (openedOn === null) return 'unknown'
  const years = (today - openedOn) / YEAR_DAYS
  return years < GROWING_YEARS ? 'new' : years < SETTLED_YEARS ? 'growing' : 'settled'
}

export interface PeerTraits {
  format: string | null
  city_tier: string | null
  age: StoreAge
}

/** One text per peer group; null is a value of its own, apart from every text. */
export function peerGroup({ format, city_tier, age }: PeerTraits): string {
  return JSON.stringify([format, city_tier, age])
}

/** Whom a store is measured against. */
export interface Reference<T> {
  /** Whether the stores are its peer group or, where that is too small, the chain. */
  scope: 'peers' | 'chain'
  stores: readonly T[]
}

/**
 * The references that together hold every store once as a subject: each group of enough stores
 * measures its own, and the chain measures the stores of all groups that are too small.
 */
export function referencesOf<T extends { peer_group: string }>(
  stores: readonly T[],
): { reference: Reference<T>; subjects: readonly T[] }[] {
  const groups = new Map<string, T[]>()
  for (const store of stores) {
    const group = groups.get(store.peer_group)
    if (group) group.push(store)
    else groups.set(store.peer_group, [store])
  }
  const all = [...groups.values()]
  const large = all.filter((group) => group.length >= PEERS_MIN)
  const small = all.filter((group) => group.length < PEERS_MIN).flat()
  return [
    ...large.map((group) => ({
      reference: { scope: 'peers' as const, stores: group },
      subjects: group,
    })),
    ...(small.length > 0
      ? [{ reference: { scope: 'chain' as const, stores }, subjects: small }]
      : []),
  ]
}
