import { and, eq, isNull } from 'drizzle-orm'
import { FIGURES_VERSION } from '#model/fold.ts'
import { CHAIN } from '#model/id.ts'
import { monthOf } from '#model/period.ts'
import type { Amounts } from '#model/statement.ts'
import { readCloses } from './close.ts'
import type { Difference } from './difference.ts'
import type { Ledger } from './ledger.ts'
import { rebuild } from './rebuild.ts'
import { rollUp } from './rollup.ts'
import { upsertRows } from './rows.ts'
import { statements } from './statement.ts'

// Definitions change with the program: then all kept figures are counted anew, and what that came
// to is kept, so that nobody takes it for news of customers.

export interface Restated {
  from_version: number
  to_version: number
  /** What came out otherwise: figures, movements and rollups, and in how many stores. */
  figures: number
  stores: number
}

type Row = Ledger['t']['restatement']['$inferSelect']
type ByScope = Record<string, Amounts>

/** What every scope closed the last closed month with, by the figures as they are now. */
async function closings(ledger: Ledger, month: number | null): Promise<ByScope> {
  if (month === null) return {}
  const { to } = monthOf(month)
  const open = await statements(ledger, { from: to, to: to + 1 }, to)
  return Object.fromEntries(
    open.map(({ scope, customers, value }) => [
      scope,
      { customers: customers.opening, value: value.opening },
    ]),
  )
}

function movedFrom(before: ByScope, after: ByScope): ByScope {
  const scopes = Object.entries(after).map(([scope, now]): [string, Amounts] => {
    const was = before[scope] ?? { customers: 0, value: 0 }
    return [scope, { customers: now.customers - was.customers, value: now.value - was.value }]
  })
  return Object.fromEntries(
    scopes.filter(([, { customers, value }]) => customers !== 0 || value !== 0),
  )
}

/**
 * Notes that figures are about to be counted anew, and how the last closed month stands by the old
 * definitions. After an interruption that is known, and must not be read from what is half done.
 */
async function begun(ledger: Ledger, from_version: number, now: number): Promise<Row> {
  const { restatement } = ledger.t
  const isUnderWay = and(
    eq(restatement.to_version, FIGURES_VERSION),
    isNull(restatement.finished_at),
  )
  const [row] = await ledger.db.select().from(restatement).where(isUnderWay)
  if (row) return row
  while ((await rollUp(ledger)) > 0);
  const month = (await readCloses(ledger)).at(-1)?.month ?? null
  const fresh: Row = {
    ...{ id: ledger.ports.uuid(), from_version, to_version: FIGURES_VERSION },
    ...{ started_at: now, finished_at: null, figures: 0, stores: 0 },
    ...{ month, before: await closings(ledger, month), effects: {} },
  }
  await ledger.tx((db) => upsertRows(db, restatement, ['id'], [fresh]))
  return fresh
}

/**
 * Counts the kept figures anew where they were computed by other definitions than this program's.
 * An interruption loses nothing: the version is written last, with what it came to; of a count that
 * was interrupted only what was left to do is told. Null when there was nothing to restate.
 */
export async function restate(ledger: Ledger, clock: () => number): Promise<Restated | null> {
  const { figuresState, op, restatement } = ledger.t
  const [state] = await ledger.db.select().from(figuresState).where(eq(figuresState.id, CHAIN))
  if (state?.version === FIGURES_VERSION) return null
  const done = { id: CHAIN, version: FIGURES_VERSION }
  const [any] = await ledger.db.select({ n: op.n }).from(op).limit(1)
  if (!any) {
    await ledger.tx((db) => upsertRows(db, figuresState, ['id'], [done]))
    return null
  }
  // Figures were kept before their definitions had a version.
  const row = await begun(ledger, state?.version ?? 1, clock())
  const count = await recounted(ledger)
  const effects = movedFrom(row.before, await closings(ledger, row.month))
  const finished: Row = { ...row, ...count, before: {}, effects, finished_at: clock() }
  await ledger.tx(async (db) => {
    await upsertRows(db, restatement, ['id'], [finished])
    await upsertRows(db, figuresState, ['id'], [done])
  })
  return { from_version: row.from_version, to_version: row.to_version, ...count }
}

async function recounted(ledger: Ledger): Promise<Pick<Restated, 'figures' | 'stores'>> {
  let figures = 0
  const stores = new Set<string>()
  const found = ({ what, store_id }: Difference) => {
    figures += 1
    // A rollup is of a region or the chain, too: only books are stores.
    if (what !== 'rollup') stores.add(store_id)
  }
  await rebuild(ledger, { write: true, found })
  return { figures, stores: stores.size }
}
