import { and, asc, eq, inArray } from 'drizzle-orm'
import type { DecisionMade } from '#model/decision.ts'
import { PERHAPS_LATER } from '#model/versions.ts'
import { seenOps } from './append.ts'
import { lockDevice } from './device-state.ts'
import { ensureDesk } from './devices.ts'
import { LedgerError } from './errors.ts'
import type { Db } from './engine.ts'
import type { Ledger } from './ledger.ts'
import { silentLosses } from './loss.ts'
import { retried } from './retried.ts'
import { insertNew } from './rows.ts'
import type { RefusedColumns } from './work.ts'
import { type TimedDraft, type Writer, writeDraftsIn } from './write.ts'

/** What a person at the desk decides. `store_id` is the book under which the subject stands. */
export interface Deciding extends DecisionMade {
  store_id: string
}

async function openRefused(
  ledger: Ledger,
  db: Db,
  { store_id, subject_id }: Deciding,
): Promise<RefusedColumns | null> {
  const { quarantine } = ledger.t
  const [row] = await db
    .select()
    .from(quarantine)
    .where(and(eq(quarantine.store_id, store_id), eq(quarantine.op_id, subject_id)))
  return row?.state === 'open' ? row : null
}

/** Ops of one group are decided together, in their own order: they apply all or none. */
async function groupOf(ledger: Ledger, db: Db, row: RefusedColumns): Promise<RefusedColumns[]> {
  const { tx } = row.op
  if (tx === undefined) return [row]
  const { quarantine } = ledger.t
  const rows = await db
    .select()
    .from(quarantine)
    .where(
      and(
        eq(quarantine.store_id, row.store_id),
        eq(quarantine.device_id, row.device_id),
        eq(quarantine.state, 'open'),
      ),
    )
    .orderBy(asc(quarantine.n))
  return rows.filter((other) => other.op.tx === tx)
}

/** The silence of a tablet is written down when somebody accepts what it holds as lost. */
async function openSilence(ledger: Ledger, db: Db, { subject_id }: Deciding, now: number) {
  const silent = await silentLosses(ledger, { all: true }, now, db)
  const meant = silent.find((one) => one.id === subject_id)
  if (meant) await insertNew(db, ledger.t.loss, [meant])
}

async function hasLoss(ledger: Ledger, db: Db, { store_id, subject_id }: Deciding) {
  const { loss } = ledger.t
  const [row] = await db
    .select({ id: loss.id })
    .from(loss)
    .where(and(eq(loss.store_id, store_id), eq(loss.id, subject_id)))
  return row !== undefined
}

async function subjectsOf(ledger: Ledger, db: Db, made: Deciding, now: number): Promise<string[]> {
  if (made.subject === 'op') {
    const row = await openRefused(ledger, db, made)
    return row ? (await groupOf(ledger, db, row)).map((one) => one.op_id) : []
  }
  if (!(await hasLoss(ledger, db, made))) await openSilence(ledger, db, made, now)
  return (await hasLoss(ledger, db, made)) ? [made.subject_id] : []
}

/** Ids by what they are for: a transaction that is run again writes the same ones. */
type IdFor = (what: string) => string

function idsOf({ ports }: Ledger): IdFor {
  const known = new Map<string, string>()
  return (what) => {
    const id = known.get(what) ?? ports.uuid()
    known.set(what, id)
    return id
  }
}

function draftsOf(made: Deciding, subjects: readonly string[], idFor: IdFor): TimedDraft[] {
  const { store_id, ...payload } = made
  const tx = idFor('tx')
  return subjects.map((subject_id) => ({
    store_id,
    kind: 'decision',
    record_id: idFor(`decision ${subject_id}`),
    op_id: idFor(`op ${subject_id}`),
    type: 'create',
    payload: { ...payload, subject_id },
    ...(subjects.length > 1 ? { tx } : {}),
  }))
}

async function decideIn(
  ledger: Ledger,
  db: Db,
  writer: Writer,
  made: Deciding,
  idFor: IdFor,
  now: number,
): Promise<{ decision_id: string }> {
  // Two tries follow one another even while the first is still being committed.
  await lockDevice(ledger, db, writer.session)
  const { store_id, subject_id } = made
  const op_id = idFor(`op ${subject_id}`)
  // A try before this one may have been committed without anybody hearing of it.
  if ((await seenOps(ledger, db, [{ store_id, op_id }])).size > 0)
    return { decision_id: idFor(`decision ${subject_id}`) }
  const drafts = draftsOf(made, await subjectsOf(ledger, db, made, now), idFor)
  const own = drafts.find((draft) => draft.payload['subject_id'] === made.subject_id)
  if (!own) throw new LedgerError('refused-again', 'nothing is open under this id', 'decided')
  const results = await writeDraftsIn(ledger, db, writer, drafts, now)
  const refused = results.filter((result) => result.status !== 'applied')
  const first = refused.find((result) => result.reason !== 'tx') ?? refused[0]
  if (first) throw new LedgerError('refused-again', 'the op still cannot be', first.reason)
  return { decision_id: own.record_id }
}

/**
 * Writes a decision as an op of the desk. A re-applied op takes effect in the same transaction;
 * when it still cannot, nothing is written. Throws LedgerError `refused-again`, whose `detail` is
 * the reason (`decided`: nothing is open under this id).
 */
export function decide(
  ledger: Ledger,
  writer: Writer,
  made: Deciding,
  now: number,
): Promise<{ decision_id: string }> {
  const idFor = idsOf(ledger)
  return retried(() => ledger.tx((db) => decideIn(ledger, db, writer, made, idFor, now)))
}

/**
 * Takes refused ops that an older version of the server did not know, in their authors' names.
 * What still cannot be stays for a person. Returns how many took effect; run it once at the start.
 */
export async function reapplyKnown(ledger: Ledger, now: number): Promise<number> {
  const { quarantine } = ledger.t
  const rows = await ledger.db
    .select()
    .from(quarantine)
    .where(and(eq(quarantine.state, 'open'), inArray(quarantine.reason, [...PERHAPS_LATER])))
    .orderBy(asc(quarantine.received_at), asc(quarantine.device_id), asc(quarantine.n))
  if (rows.length === 0) return 0
  const session = await ensureDesk(ledger)
  let taken = 0
  for (const { store_id, op_id, op } of rows) {
    const writer: Writer = { session, actor_id: op.actor_id, unlock_id: null }
    const made = { subject: 'op', subject_id: op_id, verdict: 'reapply' } as const
    const why = { reason: 'This version knows it', store_id }
    try {
      await decide(ledger, writer, { ...made, ...why }, now)
      taken += 1
    } catch (error) {
      if (!(error instanceof LedgerError)) throw error
    }
  }
  return taken
}
