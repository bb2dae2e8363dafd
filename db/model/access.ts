import { CHAIN } from './id.ts'
import type { Kind } from './kinds.ts'
import { type Op, OP_TYPES } from './op.ts'
import { type Refusal, refuse } from './refusal.ts'
import type { Role } from './staff.ts'

/** The person behind an op, as the ledger knows them. */
export interface Actor {
  id: string
  role: Role
  store_ids: readonly string[]
  region_id: string | null
  active: boolean
}

/** What a session may write to, established by the server, never by the body. */
export interface Session {
  device_id: string
  /** The device's book: a store, or `chain` for the desk and the importer. */
  book: string
  role: 'tablet' | 'desk' | 'import'
  revoked: boolean
  /** The desk's own sign-in; a tablet has many people and leaves it null. */
  actor_id: string | null
}

/** Whether a session may write an op in a person's name: null, or why not. */
export function refuseWrite(
  session: Session,
  actor: Actor | undefined,
  op: Op,
  kind: Kind,
  regionOfStore: (storeId: string) => string | null,
): Refusal | null {
  if (session.revoked) return refuse('revoked')
  if (session.role === 'tablet' && op.store_id !== session.book) return refuse('not-your-store')
  const isOfChain = kind.feed === 'chain' || kind.feed === 'desk'
  if (isOfChain !== (op.store_id === CHAIN)) return refuse('not-your-store', 'store_id')
  if (!actor?.active) return refuse('unknown-actor')
  if (session.actor_id !== null && session.actor_id !== actor.id) return refuse('unknown-actor')
  if (!kind.write.includes(actor.role)) return refuse('role')
  const only = OP_TYPES.find((type) => type === op.type)
  if (only && kind.only?.[only]?.includes(actor.role) === false) return refuse('role')
  if (session.role === 'import' || isHeadquarters(actor.role)) return null
  if (op.store_id === CHAIN) return null
  const isAssigned =
    actor.store_ids.includes(op.store_id) ||
    (actor.role === 'regional' &&
      actor.region_id !== null && // The head office has no region, either.
      actor.region_id === regionOfStore(op.store_id))
  return isAssigned ? null : refuse('not-assigned')
}

export function isHeadquarters(role: Role): boolean {
  return role === 'hq' || role === 'admin'
}

/** What a person at the desk may read: the chain, one region, or a few stores. */
export type Scope =
  { all: true } | { all: false; region_id: string | null; store_ids: readonly string[] }

export function scopeOf(actor: Actor): Scope {
  if (isHeadquarters(actor.role)) return { all: true }
  const region = actor.role === 'regional' ? actor.region_id : null
  return { all: false, region_id: region, store_ids: actor.store_ids }
}

export function mayReadStore(scope: Scope, storeId: string, regionId: string | null): boolean {
  if (scope.all) return true
  if (scope.region_id !== null && scope.region_id === regionId) return true
  return scope.store_ids.includes(storeId)
}
