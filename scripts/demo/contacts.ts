import { businessDay, instantOf } from '#model/calendar.ts'
import type { TimedDraft } from '#sql/write.ts'
import type { DemoChain, DemoStore } from './chain.ts'
import {
  CUTOFF_MINUTES,
  type LastSeen,
  type TabletPlan,
  TABLETS,
  USUAL_TABLET_NAME,
  ZONE,
} from './chain.data.ts'
import { seededRandom } from './random.ts'

// What the server knows of a store ends with the last word of its tablets. The days before that
// come from the tablets themselves, so that the fleet's page shows pushes that happened.

/** Days of visits that a tablet pushes itself. */
const TABLET_DAYS = 1
const MINUTE_MS = 60_000

export interface Tablet extends TabletPlan {
  /** Null when it was never heard of. */
  seenAt: number | null
}

function seenAt(seen: LastSeen, chain: DemoChain, now: number): number | null {
  if (seen === 'never') return null
  if ('minutesAgo' in seen) return now - seen.minutesAgo * MINUTE_MS
  return instantOf(chain.span.last - seen.daysBefore, seen.minutes, ZONE)
}

function tabletsOf(store: DemoStore, chain: DemoChain, now: number): Tablet[] {
  const random = seededRandom(`tablet ${store.plan.code}`)
  // Most are open on a counter and talk every minute; some lie in a drawer for an hour or two.
  const minutesAgo = random.chance(0.75) ? random.whole(0, 9) : random.whole(20, 150)
  const usual: TabletPlan = { name: USUAL_TABLET_NAME, seen: { minutesAgo } }
  const plans = TABLETS[store.plan.code] ?? [usual]
  return plans.map((plan) => ({ ...plan, seenAt: seenAt(plan.seen, chain, now) }))
}

interface Contact {
  tablets: Tablet[]
  /** Nothing later has reached the server. */
  until: number
  /** From here on visits come from the tablet. */
  from: number
}

export class Contacts {
  readonly #byStore = new Map<string, Contact>()
  readonly #queues = new Map<string, TimedDraft[]>()

  constructor(chain: DemoChain, now: number) {
    for (const store of chain.stores) {
      const tablets = tabletsOf(store, chain, now)
      const active = tablets.filter((tablet) => !tablet.revoked)
      const until = Math.max(...active.map((tablet) => tablet.seenAt ?? 0))
      const day = Math.min(businessDay(until, ZONE, CUTOFF_MINUTES), chain.span.last)
      const from = instantOf(day - TABLET_DAYS + 1, CUTOFF_MINUTES, ZONE)
      this.#byStore.set(store.id, { tablets, until, from })
    }
  }

  tabletsOf(store: DemoStore): Tablet[] {
    return this.#of(store.id).tablets
  }

  /** Whether the server has heard of what happened then. */
  hasHeard(storeId: string, at: number): boolean {
    return at <= this.#of(storeId).until
  }

  /** Keeps back what the tablets will push; returns what is written directly. */
  sort(drafts: readonly TimedDraft[]): TimedDraft[] {
    return drafts.filter((draft) => {
      const { from, until } = this.#of(draft.store_id)
      const at = draft.at ?? 0
      if (at > until) return false
      if (draft.kind !== 'visit' || at < from) return true
      const queue = this.#queues.get(draft.store_id)
      if (queue) queue.push(draft)
      else this.#queues.set(draft.store_id, [draft])
      return false
    })
  }

  /** The visits that the tablets of a store push, in the order in which they happened. */
  queueOf(store: DemoStore): TimedDraft[] {
    return [...(this.#queues.get(store.id) ?? [])].sort((a, b) => (a.at ?? 0) - (b.at ?? 0))
  }

  #of(storeId: string): Contact {
    const contact = this.#byStore.get(storeId)
    if (!contact) throw new RangeError(`no store ${storeId}`)
    return contact
  }
}
