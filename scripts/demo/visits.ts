import { PURPOSES, type Purpose } from '#model/visit.ts'
import type { TimedDraft } from '#sql/write.ts'
import type { DemoChain, DemoStore } from './chain.ts'
import { NEEDS, VISIT_NOTES } from './chain.data.ts'
import { type Random, uuid7 } from './random.ts'
import { dayNear, momentOf, seasonOf } from './rhythm.ts'

export interface DemoVisit {
  store: DemoStore
  day: number
  at: number
  spend_minor: number
  draft: TimedDraft
}

/** Who may go elsewhere; after those who never come again it is one in eight who did. */
const CROSS_STORE_SHARE = 0.2
/** How often such a customer goes to the other store. */
const ELSEWHERE_SHARE = 0.3
const SAME_REGION_SHARE = 0.8
/** Share of customers lost after their first visit, and after each later one. */
const LOST_AFTER_FIRST = 0.24
const LOST_AFTER_LATER = 0.036
/** How different people are from each other, and from themselves. */
const HABIT_SIGMA = 0.5
const GAP_SIGMA = 0.38
const SPEND_SIGMA = 0.62

function otherStore(random: Random, home: DemoStore, chain: DemoChain): DemoStore | null {
  if (!random.chance(CROSS_STORE_SHARE)) return null
  const near = random.chance(SAME_REGION_SHARE)
  const others = chain.stores.filter(
    (store) => store !== home && (!near || store.region_id === home.region_id),
  )
  return random.pick(others)
}

function daysOf(random: Random, home: DemoStore, first: number, last: number): number[] {
  const habit = random.logNormal(home.format.gapDays, HABIT_SIGMA)
  const days: number[] = []
  for (let day = first; day <= last;) {
    days.push(day)
    const lost = days.length === 1 ? LOST_AFTER_FIRST : LOST_AFTER_LATER
    if (random.chance(Math.min(0.9, lost * home.plan.churn))) break
    const gap = random.logNormal(habit, GAP_SIGMA) / seasonOf(day)
    day = Math.max(day + 1, dayNear(random, day + Math.max(1, Math.round(gap))))
  }
  return days
}

function purposeOf(random: Random, store: DemoStore): Purpose {
  const weights = PURPOSES.map((purpose) => store.format.purposes[purpose])
  return PURPOSES[random.weighted(weights)] ?? 'buy'
}

/** What a visit was worth: buyers pay, returns give back, others leave no amount. */
function spendOf(random: Random, store: DemoStore, purpose: Purpose): Record<string, number> {
  if (purpose !== 'buy' && purpose !== 'return') return {}
  const spend = random.logNormal(store.format.spendMinor * store.plan.spend, SPEND_SIGMA)
  const minor = Math.max(100, Math.round(spend / 10) * 10)
  const items = 1 + Math.min(8, Math.floor(random.logNormal(1, 0.7)))
  return purpose === 'buy'
    ? { spend_minor: minor, items }
    : { spend_minor: -Math.round(minor * 0.6), items: 1 }
}

function visitAt(
  random: Random,
  store: DemoStore,
  home: DemoStore,
  customerId: string,
  day: number,
): DemoVisit {
  const at = momentOf(random, day, store.format)
  const purpose = purposeOf(random, store)
  const spend = spendOf(random, store, purpose)
  const draft: TimedDraft = {
    store_id: store.id,
    kind: 'visit',
    record_id: uuid7(at, random),
    type: 'visit',
    at,
    payload: {
      customer_id: customerId,
      home_store_id: home.id,
      purpose,
      ...spend,
      ...(random.chance(0.06) ? { need: random.pick(NEEDS) } : {}),
      ...(random.chance(0.025) ? { note: random.pick(VISIT_NOTES) } : {}),
    },
  }
  return { store, day, at, spend_minor: spend['spend_minor'] ?? 0, draft }
}

/** The visits of one customer from `firstDay` on; none when that is null. */
export function visitsOf(
  random: Random,
  home: DemoStore,
  chain: DemoChain,
  customerId: string,
  firstDay: number | null,
): DemoVisit[] {
  if (firstDay === null) return []
  const other = otherStore(random, home, chain)
  return daysOf(random, home, firstDay, chain.span.last).map((day, index) => {
    const isElsewhere =
      other !== null && index > 0 && day >= other.firstDay && random.chance(ELSEWHERE_SHARE)
    return visitAt(random, isElsewhere ? other : home, home, customerId, day)
  })
}
