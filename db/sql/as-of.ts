import { and, eq } from 'drizzle-orm'
import { keptByChain } from './kept-by-chain.ts'
import { keptQuery } from './kept-query.ts'
import type { Ledger } from './ledger.ts'
import { packed } from './rows.ts'

// Up to when a figure is whole. A store's numbers lack whatever its tablets still hold, so they
// are as old as the oldest op that a tablet in use has not handed in, or as the last word of the
// tablet that has been silent for longest.

interface LastWord {
  last_push_at: number | null
  last_pull_at: number | null
  unsent: number | null
  oldest_unsent_at: number | null
  last_n: number
  max_n: number | null
}

/**
 * Up to when a tablet's work is in the ledger; null when it never came. A report is made before
 * the push that carries it: what it calls unsent has arrived when its highest number has.
 */
export function wholeUntil(word: LastWord): number | null {
  const seen = Math.max(word.last_push_at ?? -Infinity, word.last_pull_at ?? -Infinity)
  if (seen === -Infinity) return null
  const isHere = word.max_n !== null && word.max_n > 0 && word.last_n >= word.max_n
  if (word.unsent === null || word.unsent === 0 || isHere) return seen
  return Math.min(seen, word.oldest_unsent_at ?? word.last_push_at ?? seen)
}

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

const selectWords = keptQuery((ledger, db, _values: Record<string, never>) => {
  const { deviceState: state } = ledger.t
  return db
    .select({
      store_id: packed(ledger, state.store_id),
      device_id: packed(ledger, state.device_id),
      last_push_at: packed(ledger, state.last_push_at),
      last_pull_at: packed(ledger, state.last_pull_at),
      unsent: packed(ledger, state.unsent),
      oldest_unsent_at: packed(ledger, state.oldest_unsent_at),
      last_n: packed(ledger, state.last_n),
      max_n: packed(ledger, state.max_n),
    })
    .from(state)
})

/** Without a device there is nothing to pack, which comes as null whatever its type says. */
function textOf(packed: string | null | undefined): string | null {
  return packed ?? null
}

type Said = LastWord & { store_id: string; device_id: string }

/** The last word of every device. */
async function readWords(ledger: Ledger): Promise<Said[]> {
  const [words] = await selectWords(ledger, ledger.db, {})
  const textsOf = (name: keyof Said) => textOf(words?.[name])?.split(',') ?? []
  const numbersOf = (name: keyof LastWord) =>
    textsOf(name).map((text) => (text === '' ? null : Number(text)))
  const [pushed, pulled] = [numbersOf('last_push_at'), numbersOf('last_pull_at')]
  const [unsent, oldest] = [numbersOf('unsent'), numbersOf('oldest_unsent_at')]
  const [last, greatest] = [numbersOf('last_n'), numbersOf('max_n')]
  const stores = textsOf('store_id')
  return textsOf('device_id').map((device_id, nth) => ({
    store_id: stores[nth] ?? '',
    device_id,
    last_push_at: pushed[nth] ?? null,
    last_pull_at: pulled[nth] ?? null,
    unsent: unsent[nth] ?? null,
    oldest_unsent_at: oldest[nth] ?? null,
    last_n: last[nth] ?? 0,
    max_n: greatest[nth] ?? null,
  }))
}

/**
 * Per store, up to when its numbers are whole. Tablets that were revoked or replaced have nothing
 * more to say; one that was enrolled and never came back was never worked on.
 */
export async function asOfStores(ledger: Ledger): Promise<Map<string, number>> {
  const tablets = await tabletsOf(ledger)
  const whole = new Map<string, number>()
  for (const { store_id, device_id, ...said } of await readWords(ledger)) {
    if (tablets.get(device_id) !== store_id) continue
    const until = darkest([whole.get(store_id) ?? null, wholeUntil(said)])
    if (until !== null) whole.set(store_id, until)
  }
  return whole
}
