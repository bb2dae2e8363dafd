import type { TimedDraft } from '#sql/write.ts'
import type { DemoChain, DemoStore, Span } from './chain.ts'
import { type Random, uuid7 } from './random.ts'
import { momentOf } from './rhythm.ts'

/** Identified visits per store and day, from which the number of the others follows. */
export class Footfall {
  readonly #visits = new Map<string, number>()

  add(storeId: string, day: number): void {
    const key = `${storeId} ${day}`
    this.#visits.set(key, (this.#visits.get(key) ?? 0) + 1)
  }

  on(storeId: string, day: number): number {
    return this.#visits.get(`${storeId} ${day}`) ?? 0
  }
}

const UNCOUNTED_SHARE = 0.008
const COUNT_MAX = 999

function tallyDraft(random: Random, store: DemoStore, day: number, count: number): TimedDraft {
  const at = momentOf(random, day, store.format)
  return {
    store_id: store.id,
    kind: 'visit',
    record_id: uuid7(at, random),
    type: 'visit',
    at,
    payload: { customer_id: null, home_store_id: null, count, purpose: 'browse' },
  }
}

/** The people nobody asked for a name, by each day that somebody counted them. */
export function talliesOf(
  random: Random,
  store: DemoStore,
  chain: DemoChain,
  footfall: Footfall,
  { first, last }: Span = chain.span,
): TimedDraft[] {
  const { identified, uncounted = UNCOUNTED_SHARE } = store.plan
  const perVisit = (1 - identified) / identified
  const drafts: TimedDraft[] = []
  for (let day = Math.max(first, store.firstDay); day <= last; day += 1) {
    const expected = footfall.on(store.id, day) * perVisit
    const count = Math.min(COUNT_MAX, Math.round(random.logNormal(expected, 0.18)))
    if (count > 0 && !random.chance(uncounted)) drafts.push(tallyDraft(random, store, day, count))
  }
  return drafts
}
