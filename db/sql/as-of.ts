import { and, eq, type SQL, sql } from 'drizzle-orm'
import { isStale } from '#model/compare.ts'
import type { Period } from '#model/period.ts'
import { keptByChain } from './kept-by-chain.ts'
import { keptQuery } from './kept-query.ts'
import type { Ledger } from './ledger.ts'
import { packed } from './rows.ts'

// Up to when a figure is whole. A store's numbers lack whatever its tablets still hold, so they
// are as old as the oldest op that a tablet in use has not handed in, or as the last word of the
// tablet that has been silent for longest. Thousands of tablets are asked about by every page, so
// the rule is the engine's to work out: one number a tablet comes out, not the six it is made of.

/** The darkest of several; those that are null have nothing in the sum and do not count. */
export function darkest(times: readonly (number | null)[]): number | null {
  return times.reduce(
    (least, at) => (least === null || at === null ? (least ?? at) : Math.min(least, at)),
    null,
  )
}

const selectTablets = keptQuery(({ t: { device } }, db, _values: Record<string, never>) =>
  db
    .select({ id: device.id, at: device.at })
    .from(device)
    .where(and(eq(device.role, 'tablet'), eq(device.state, 'active'))),
)

/** Stores by tablet in use, kept until a device changes. */
const tabletsOf = keptByChain(async (ledger) => {
  const rows = await selectTablets(ledger, ledger.db, {})
  return new Map(rows.map(({ id, at }) => [id, at]))
})

/**
 * Up to when a device's work is in the ledger; null when it never came. A report is made before
 * the push that carries it: what it calls unsent has arrived when its highest number has.
 */
function wholeUntil({ t: { deviceState: state } }: Ledger): SQL<number | null> {
  const { last_push_at: push, last_pull_at: pull } = state
  const seen = sql`case when ${push} >= ${pull} or ${pull} is null then ${push} else ${pull} end`
  const isHere = sql`(coalesce(${state.max_n}, 0) > 0 and ${state.last_n} >= ${state.max_n})`
  const hasNothing = sql`(${state.unsent} is null or ${state.unsent} = 0 or ${isHere})`
  const held = sql`coalesce(${state.oldest_unsent_at}, ${push})`
  return sql<number | null>`case when not ${hasNothing} and ${held} < ${seen} then ${held}
    else ${seen} end`
}

const selectWords = keptQuery((ledger, db, _values: Record<string, never>) => {
  const { deviceState: state } = ledger.t
  return db
    .select({
      stores: packed(ledger, state.store_id),
      devices: packed(ledger, state.device_id),
      until: packed(ledger, wholeUntil(ledger)),
    })
    .from(state)
})

/** Which store each device reports for, in the order of the ids they were read from. */
interface Reporters {
  stores: string
  devices: string
  tablets: ReadonlyMap<string, string>
  /** Null where the device is in use no more, or at another store now. */
  storeOf: readonly (string | null)[]
}

const reporters = new WeakMap<Ledger, Reporters>()

/** Devices change rarely, so the same ids come again and again: they are taken apart once. */
function reportersOf(ledger: Ledger, asked: Omit<Reporters, 'storeOf'>): Reporters['storeOf'] {
  const { stores, devices, tablets } = asked
  const known = reporters.get(ledger)
  const isSame = known?.stores === stores && known.devices === devices
  if (isSame && known.tablets === tablets) return known.storeOf
  const ids = devices.split(',')
  const storeOf = stores
    .split(',')
    .map((store, nth) => (tablets.get(ids[nth] ?? '') === store ? store : null))
  reporters.set(ledger, { ...asked, storeOf })
  return storeOf
}

/**
 * Per store, up to when its numbers are whole. Tablets that were revoked or replaced have nothing
 * more to say; one that was enrolled and never came back was never worked on.
 */
export async function asOfStores(ledger: Ledger): Promise<Map<string, number>> {
  const tablets = await tabletsOf(ledger)
  const whole = new Map<string, number>()
  const [words] = await selectWords(ledger, ledger.db, {})
  if (!words?.devices) return whole // Where no device is, nothing was packed.
  const storeOf = reportersOf(ledger, { ...words, tablets })
  for (const [nth, until] of words.until.split(',').entries()) {
    const store = storeOf[nth] ?? null
    if (store === null || until === '') continue
    const known = whole.get(store)
    whole.set(store, Math.min(known ?? Infinity, Number(until)))
  }
  return whole
}

/** Of stores with a tablet: how many there are, and of how many no more of a period is awaited. */
export function coverageOf(
  words: ReadonlyMap<string, number | null>,
  storeIds: Iterable<string>,
  period: Period,
  now: number,
): { fresh: number; stores: number } {
  const told = [...storeIds].flatMap((id) => words.get(id) ?? [])
  return { fresh: told.filter((at) => !isStale(at, period, now)).length, stores: told.length }
}
