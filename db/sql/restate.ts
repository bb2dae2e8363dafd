import { and, eq, inArray, isNull } from 'drizzle-orm'
import { ACTIVITY_DAYS } from '#model/activity-window.ts'
import { FIGURES_VERSION } from '#model/fold.ts'
import { CHAIN } from '#model/id.ts'
import { monthOf } from '#model/period.ts'
import type { Amounts } from '#model/statement.ts'
import { readCloses } from './close.ts'
import type { Difference } from './difference.ts'
import type { Db } from './engine.ts'
import type { Ledger } from './ledger.ts'
import { rebuild } from './rebuild.ts'
import { rollUp } from './rollup.ts'
import { upsertRows } from './rows.ts'
import { statements } from './statement.ts'

// Definitions change with the program, and the activity window by an operator's word: then all kept
// figures are counted anew, and what that came to is kept, so that nobody takes it for news of
// customers.

/** Rows of `figures_state` that say by what the figures are kept. */
const VERSION = CHAIN
const WINDOW = 'activity_days'

export interface Restated {
  from_version: number
  to_version: number
  from_activity_days: number
  to_activity_days: number
  /** What came out otherwise: figures, movements and rollups, and in how many stores. */
  figures: number
  stores: number
}

type Row = Ledger['t']['restatement']['$inferSelect']
type ByScope = Record<string, Amounts>

/** By what figures are counted. */
interface Basis {
  version: number
  activityDays: number
}

/** By what the kept figures were counted; null before any were. */
async function readBasis({ db, t }: Ledger): Promise<Basis | null> {
  const { figuresState } = t
  const rows = await db
    .select()
    .from(figuresState)
    .where(inArray(figuresState.id, [VERSION, WINDOW]))
  const known = new Map(rows.map((row) => [row.id, row.version]))
  if (known.size === 0) return null
  // Figures were kept before their definitions had a version, and a chain could set a window.
  const activityDays = known.get(WINDOW) ?? ACTIVITY_DAYS.standard
  return { version: known.get(VERSION) ?? 1, activityDays }
}

async function writeBasis(ledger: Ledger, db: Db, basis: Basis): Promise<void> {
  const rows = [
    { id: VERSION, version: basis.version },
    { id: WINDOW, version: basis.activityDays },
  ]
  await upsertRows(db, ledger.t.figuresState, ['id'], rows)
}

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

/** A count that was interrupted; it must be gone on with, whoever opens the ledger next. */
async function underWay({ db, t: { restatement } }: Ledger): Promise<Row | null> {
  const isUnderWay = and(
    eq(restatement.to_version, FIGURES_VERSION),
    isNull(restatement.finished_at),
  )
  const [row] = await db.select().from(restatement).where(isUnderWay)
  return row ?? null
}

/**
 * A count that begins: how the last closed month stands by the old definitions. After an
 * interruption that is known, and must not be read from what is half done.
 */
async function begun(ledger: Ledger, from: Basis, now: number): Promise<Row> {
  while ((await rollUp(ledger)) > 0);
  const month = (await readCloses(ledger)).at(-1)?.month ?? null
  return {
    ...{ id: ledger.ports.uuid(), from_version: from.version, to_version: FIGURES_VERSION },
    ...{ from_activity_days: from.activityDays, to_activity_days: null },
    ...{ started_at: now, finished_at: null, figures: 0, stores: 0 },
    ...{ month, before: await closings(ledger, month), effects: {} },
  }
}

/**
 * Counts the kept figures anew where they were computed by other definitions than this program's,
 * or by another activity window than is asked for, in days; without one the chain's stays. An
 * interruption loses nothing: by what they are kept is written last, with what it came to; of a
 * count that was interrupted only what was left to do is told. Null when there was nothing to
 * restate. No other process may have the ledger open.
 */
export async function restate(
  ledger: Ledger,
  clock: () => number,
  asked: number | null = null,
): Promise<Restated | null> {
  const { op, restatement } = ledger.t
  const kept = await readBasis(ledger)
  const known = await underWay(ledger)
  const from = kept ?? { version: 1, activityDays: ACTIVITY_DAYS.standard }
  const activityDays = asked ?? known?.to_activity_days ?? from.activityDays
  const to = { version: FIGURES_VERSION, activityDays }
  ledger.activityDays = activityDays
  const isSame = kept?.version === to.version && kept.activityDays === activityDays
  if (isSame && known === null) return null
  const [any] = await ledger.db.select({ n: op.n }).from(op).limit(1)
  if (!any) {
    await ledger.tx((db) => writeBasis(ledger, db, to))
    return null
  }
  const noted = known ?? (await begun(ledger, from, clock()))
  const row: Row = { ...noted, to_activity_days: activityDays }
  await ledger.tx((db) => upsertRows(db, restatement, ['id'], [row]))
  const count = await recounted(ledger)
  const effects = movedFrom(row.before, await closings(ledger, row.month))
  const finished: Row = { ...row, ...count, before: {}, effects, finished_at: clock() }
  await ledger.tx(async (db) => {
    await upsertRows(db, restatement, ['id'], [finished])
    await writeBasis(ledger, db, to)
  })
  const from_activity_days = row.from_activity_days ?? activityDays
  const { from_version, to_version } = row
  return { from_version, to_version, from_activity_days, to_activity_days: activityDays, ...count }
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
