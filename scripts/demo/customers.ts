import { DAY_MS, instantOf } from '#model/calendar.ts'
import type { TimedDraft } from '#sql/write.ts'
import type { DemoChain, DemoPerson, DemoStore, DemoTagGroup } from './chain.ts'
import { CUSTOMER_NOTES, TIER_STEPS_MINOR, TIERS, ZONE } from './chain.data.ts'
import { chineseName, type Gender, westernName } from './names.ts'
import { type Random, uuid7 } from './random.ts'
import { dayWithin, momentOf } from './rhythm.ts'
import { type DemoVisit, visitsOf } from './visits.ts'

// One customer's whole life, drawn from chance alone: who it is, when it comes, what is noted.

/** A life in the order in which it happened. */
export interface Life {
  home: DemoStore
  created_at: number
  /** Who serves this customer at home, and therefore writes. */
  clerk: DemoPerson
  /** What is written at home, and the visits to other stores. */
  atHome: TimedDraft[]
  /** Where it was on which days. */
  seen: { storeId: string; day: number }[]
  elsewhere: { store: DemoStore; draft: TimedDraft }[]
}

const WOMEN_SHARE = 0.72
const WESTERN_SHARE = 0.06
/** Came before the demo's time begins, and is first seen early in it. */
const OLD_CUSTOMER_SHARE = 0.42
const NEVER_CAME_SHARE = 0.03
/** Prefixes that no operator has given out: these phones ring nowhere. */
const PHONE_PREFIXES = ['154', '160', '161', '163', '164', '168', '179']
const SECONDS = 1000

export interface Identity {
  phone: string
  card: string
}

/** Phones and cards by number of customer; a few phones are shared within a family. */
export function identityOf(random: Random, number: number, family: string | null): Identity {
  const digits = String(random.whole(0, 99_999_999)).padStart(8, '0')
  const phone = family ?? `+86${random.pick(PHONE_PREFIXES)}${digits}`
  return { phone, card: `QH${String(100_000 + number * 7).padStart(8, '0')}` }
}

function birthday(random: Random): string {
  const day = new Date(Date.UTC(2000, 0, 1) + random.whole(0, 365) * DAY_MS)
  return day.toISOString().slice(5, 10)
}

function tierOf(visits: readonly DemoVisit[], last: number): string {
  const year = visits.filter((visit) => visit.day > last - 365)
  const spend = year.reduce((sum, visit) => sum + visit.spend_minor, 0)
  return TIERS[TIER_STEPS_MINOR.filter((step) => spend >= step).length] ?? TIERS[0]
}

interface Arrival {
  created_at: number
  firstDay: number | null
}

/** When the customer enrolled, and the day of the first visit of the demo's time. */
function arrivalOf(random: Random, home: DemoStore, chain: DemoChain): Arrival {
  const { span } = chain
  const isOld = home.firstDay === span.first && random.chance(OLD_CUSTOMER_SHARE)
  if (isOld) {
    const before = span.first - random.whole(20, 900)
    const firstDay = span.first + Math.floor(random.logNormal(home.format.gapDays * 0.7, 0.9))
    return { created_at: momentOf(random, before, home.format), firstDay }
  }
  // A new store gathers most of its customers in its first months.
  const days = span.last - home.firstDay
  const until = home.firstDay > span.first ? Math.ceil(days * Math.sqrt(random.next())) : days
  const from = home.firstDay > span.first ? span.last - until : home.firstDay
  const firstDay = dayWithin(random, Math.min(from, span.last - 6), span.last)
  const created_at = momentOf(random, firstDay, home.format)
  return { created_at, firstDay: random.chance(NEVER_CAME_SHARE) ? null : firstDay }
}

function createDraft(
  random: Random,
  id: string,
  home: DemoStore,
  identity: Identity,
  arrival: Arrival,
  tier: string,
): TimedDraft {
  const gender: Gender = random.chance(WOMEN_SHARE) ? 'f' : 'm'
  const isWestern = random.chance(WESTERN_SHARE)
  const name = isWestern ? westernName(random, gender) : chineseName(random, gender)
  const note = random.chance(0.03) ? { note: random.pick(CUSTOMER_NOTES) } : {}
  const email = random.chance(0.08) ? { email: `guest${identity.card.slice(2)}@example.com` } : {}
  return {
    store_id: home.id,
    kind: 'customer',
    record_id: id,
    type: 'create',
    at: arrival.created_at,
    payload: {
      name,
      phone: identity.phone,
      gender,
      tier,
      ...(random.chance(0.85) ? { card: identity.card } : {}),
      ...(random.chance(0.6) ? { birthday: birthday(random) } : {}),
      ...email,
      ...note,
      home_store_id: home.id,
    },
  }
}

function consentDrafts(random: Random, id: string, home: DemoStore, at: number): TimedDraft[] {
  const said = (state: string, after: number, channel: string, proof?: string): TimedDraft => ({
    store_id: home.id,
    kind: 'consent',
    record_id: id,
    type: 'set',
    at: at + after,
    payload: {
      purpose: 'marketing',
      channel,
      state,
      ...(proof === undefined ? {} : { proof }),
      home_store_id: home.id,
    },
  })
  const draw = random.next()
  const channel = random.pick(['any', 'wechat', 'wechat', 'sms', 'phone'])
  if (draw < 0.58) return [said('granted', 20 * SECONDS, channel, '柜台口头同意')]
  if (draw < 0.68) return [said('refused', 20 * SECONDS, 'any')]
  if (draw > 0.97)
    return [
      said('granted', 20 * SECONDS, channel, '柜台口头同意'),
      said('withdrawn', random.whole(20, 200) * DAY_MS, channel),
    ]
  return []
}

/** Tags come with the visits, when somebody asks; now and then one is taken off again. */
function tagDrafts(
  random: Random,
  id: string,
  home: DemoStore,
  groups: readonly DemoTagGroup[],
  visits: readonly DemoVisit[],
): TimedDraft[] {
  const drafts: TimedDraft[] = []
  for (const group of groups) {
    const share = group.required ? home.plan.tagging : home.plan.tagging * group.share
    if (!random.chance(share)) continue
    const tags = new Set(
      Array.from({ length: random.whole(1, group.most) }, () =>
        random.weighted(group.tags.map((tag) => tag.weight)),
      ),
    )
    for (const index of tags) {
      const visit = visits[Math.min(visits.length - 1, random.whole(0, 3))]
      const tag_id = group.tags[index]?.id
      if (!visit || !tag_id) continue
      drafts.push(...tagOnOff(random, id, home, tag_id, visit.at + random.whole(20, 90) * SECONDS))
    }
  }
  return drafts
}

function tagOnOff(
  random: Random,
  id: string,
  home: DemoStore,
  tag_id: string,
  at: number,
): TimedDraft[] {
  const op_id = uuid7(at, random)
  const source = random.chance(0.12) ? 'customer' : 'staff'
  const common = { store_id: home.id, kind: 'tagging', record_id: id }
  const home_store_id = home.id
  const on: TimedDraft = {
    ...{ ...common, at, op_id, type: 'tag+' },
    payload: { tag_id, source, home_store_id },
  }
  if (!random.chance(0.02)) return [on]
  const off: TimedDraft = {
    ...{ ...common, at: at + random.whole(5, 120) * DAY_MS, type: 'tag-' },
    payload: { tag_id, observed: [op_id], home_store_id },
  }
  return [on, off]
}

/** Draws the life of one customer of a store. */
export function liveOnce(
  random: Random,
  home: DemoStore,
  chain: DemoChain,
  identity: Identity,
): Life {
  const arrival = arrivalOf(random, home, chain)
  const id = uuid7(arrival.created_at, random)
  const visits = visitsOf(random, home, chain, id, arrival.firstDay)
  const end = instantOf(chain.span.last + 1, 0, ZONE)
  const own = [
    createDraft(random, id, home, identity, arrival, tierOf(visits, chain.span.last)),
    ...consentDrafts(random, id, home, arrival.created_at),
    ...tagDrafts(random, id, home, chain.tagGroups, visits),
    ...visits.filter((visit) => visit.store === home).map((visit) => visit.draft),
  ]
  const elsewhere = visits
    .filter((visit) => visit.store !== home)
    .map(({ store, draft }) => ({ store, draft }))
  return {
    home,
    created_at: arrival.created_at,
    clerk: random.pick(home.clerks),
    atHome: own.filter((draft) => (draft.at ?? 0) < end),
    elsewhere,
    seen: visits.map(({ store, day }) => ({ storeId: store.id, day })),
  }
}
