// A year of a chain as one seed tells it: who came where and when, who moved, was erased, whose
// visit was voided or corrected, and which tablet told of it late.
import { DAY_MS } from '#model/calendar.ts'
import type { TimedDraft } from '#sql/write.ts'
import { type Random, seededRandom, uuid7 } from '../demo/random.ts'

export interface Size {
  customers: number
  /** Ids of the stores, and the region of each. */
  stores: readonly { id: string; region_id: string }[]
  /** The first instant of the year. */
  from: number
  days: number
  seed: string
}

/** One op and when it reaches the ledger. */
export interface Happening {
  sentAt: number
  draft: TimedDraft & { at: number; op_id: string }
}

const MEDIAN_GAP_DAYS = 24
const GAP_SPREAD = 0.7
const LEAVES = 0.1
const ELSEWHERE = 0.15
const LATE = 0.03
const LATE_DAYS_MAX = 50
const VOIDED = 0.02
const CORRECTED = 0.02
const MOVES = 0.06
const ERASED = 0.02
const TWICE = 0.05
const UNDONE = 0.3

interface Story {
  size: Size
  random: Random
  customer: string
  home: string
  out: Happening[]
}

function happen(
  { random, out }: Story,
  at: number,
  draft: Omit<TimedDraft, 'at' | 'op_id'>,
  delay = 0,
) {
  out.push({ sentAt: at + delay, draft: { ...draft, at, op_id: uuid7(at, random) } })
}

function visit(story: Story, at: number): void {
  const { size, random, customer, home } = story
  const store_id = random.chance(ELSEWHERE) ? random.pick(size.stores).id : home
  const record_id = uuid7(at, random)
  const spend = random.chance(0.8) ? { spend_minor: random.whole(500, 90_000) } : {}
  const payload = { customer_id: customer, home_store_id: home, purpose: 'buy', ...spend }
  const delay = random.chance(LATE) ? random.whole(1, LATE_DAYS_MAX) * DAY_MS : 0
  const of = { store_id, kind: 'visit', record_id }
  happen(story, at, { ...of, type: 'visit', payload }, delay)
  const later = at + random.whole(1, 40) * DAY_MS
  if (random.chance(VOIDED)) happen(story, later, { ...of, type: 'void', payload: {} }, delay)
  else if (random.chance(CORRECTED)) {
    const corrected = { spend_minor: random.whole(500, 90_000) }
    happen(story, later, { ...of, type: 'set', payload: corrected }, delay)
  }
}

/** The instants of somebody's visits: a rhythm of their own until they stop coming. */
function comings({ size, random }: Story, first: number): number[] {
  const gap = random.logNormal(MEDIAN_GAP_DAYS, GAP_SPREAD)
  const instants: number[] = []
  let at = first
  while (at < size.from + size.days * DAY_MS) {
    instants.push(at)
    if (random.chance(LEAVES)) break
    const days = Math.max(0.2, random.logNormal(gap, 0.4))
    at += Math.round(days * DAY_MS)
  }
  return instants
}

/** An instant between two. */
function between(random: Random, from: number, to: number): number {
  return from + Math.floor(random.next() * (to - from))
}

function live(story: Story): void {
  const { size, random, customer, home } = story
  const end = endOf(story)
  const enrolled = size.from + Math.floor(random.next() * (size.days - 1) * DAY_MS)
  const name = `顾客${customer.slice(-6)}`
  const of = { store_id: home, kind: 'customer', record_id: customer }
  happen(story, enrolled, { ...of, type: 'create', payload: { name, home_store_id: home } })
  const visits = comings(story, enrolled + random.whole(1, 9) * 3_600_000)
  for (const at of visits) visit(story, at)
  if (random.chance(MOVES)) {
    const payload = { home_store_id: home, to_store_id: random.pick(size.stores).id }
    const at = between(random, enrolled, end)
    happen(story, at, { ...of, kind: 'transfer', type: 'set', payload })
  }
}

function endOf({ size }: Story): number {
  return size.from + size.days * DAY_MS
}

/** Whoever is erased is erased when all they did is known: ops that come later are refused. */
function beForgotten(story: Story): void {
  const { random, customer, home } = story
  if (!random.chance(ERASED)) return
  const known = Math.max(...story.out.map((one) => one.sentAt))
  const payload = { home_store_id: home, cause: 'request' }
  const of = { store_id: home, kind: 'customer', record_id: customer }
  if (known < endOf(story)) happen(story, known + DAY_MS / 2, { ...of, type: 'erase', payload })
}

/** Somebody who was enrolled twice: found out one day, and at times it was another person. */
function liveTwice(story: Story): void {
  const { size, random, home } = story
  const other = { ...story, customer: uuid7(size.from, random), home: random.pick(size.stores).id }
  live(other)
  const made = story.out.filter((one) => one.draft.type === 'create').map((one) => one.draft.at)
  const at = between(random, Math.max(...made) + 1, endOf(story))
  const of = { store_id: other.home, kind: 'customer', record_id: other.customer }
  const into = { into_id: story.customer, into_home_store_id: home }
  happen(story, at, { ...of, type: 'merge', payload: { home_store_id: other.home, ...into } })
  if (!random.chance(UNDONE)) return
  const undone = between(random, at + 1, endOf(story))
  happen(story, undone, { ...of, type: 'unmerge', payload: { home_store_id: other.home } })
}

/** All that happens, in the order in which it reaches the ledger. */
export function planYear(size: Size): Happening[] {
  const all: Happening[] = []
  for (let n = 0; n < size.customers; n += 1) {
    const random = seededRandom(`${size.seed}/${n}`)
    const home = random.pick(size.stores).id
    const story: Story = { size, random, customer: uuid7(size.from, random), home, out: [] }
    live(story)
    if (random.chance(TWICE)) liveTwice(story)
    beForgotten(story)
    all.push(...story.out)
  }
  return all.sort(inOrder)
}

function inOrder(a: Happening, b: Happening): number {
  return a.sentAt - b.sentAt || (a.draft.op_id < b.draft.op_id ? -1 : 1)
}

/** Ranks by which one customer's ops cannot be told in any order: made first, erased last. */
const RANK: Record<string, number> = { create: 0, erase: 2 }

/** What the desk alone writes, while it is in touch: such ops arrive in the order of time. */
function isOfTheDesk({ draft: { kind, type } }: Happening): boolean {
  return kind === 'transfer' || type === 'merge' || type === 'unmerge'
}

/** The same happenings in another order of arrival, drawn anew. */
export function shuffled(plan: readonly Happening[], seed: string): Happening[] {
  const random = seededRandom(`order/${seed}`)
  const times = plan.map((one) => one.draft.at)
  const [first, last] = [
    times.reduce((a, b) => Math.min(a, b)),
    times.reduce((a, b) => Math.max(a, b)),
  ]
  const share = (at: number) => (at - first) / (last - first + 1)
  // A visit is told before it is corrected or voided.
  const told = new Map<string, number>()
  const keyOf = ({ draft }: Happening) => {
    const before = told.get(draft.record_id) ?? 0
    const key = before + random.next() * (1 - before)
    if (draft.kind === 'visit') told.set(draft.record_id, key)
    return key
  }
  const drawn = plan.map((one) => ({
    one,
    rank: RANK[one.draft.type] ?? 1,
    key: isOfTheDesk(one) ? share(one.draft.at) : keyOf(one),
  }))
  return drawn.sort((a, b) => a.rank - b.rank || a.key - b.key).map(({ one }) => one)
}
