import { and, asc, eq } from 'drizzle-orm'
import { type DeskKind, isDeskKind } from '#model/kinds.ts'
import type { ReferenceRecord } from '#model/reference.ts'
import type { Db } from './engine.ts'
import type { Ledger } from './ledger.ts'
import { among, selectByKeys, upsertRows } from './rows.ts'

// Records that the desk alone reads share one table: they are few, small, and read whole.

export async function loadDeskRecords(
  ledger: Ledger,
  db: Db,
  kind: DeskKind,
  ids: readonly string[],
  lock: boolean,
): Promise<ReferenceRecord[]> {
  const { deskRecord } = ledger.t
  return selectByKeys([...ids].sort(), (slice) => {
    const found = db
      .select()
      .from(deskRecord)
      .where(and(eq(deskRecord.kind, kind), among(deskRecord.id, slice)))
      .orderBy(deskRecord.id)
    return lock ? ledger.forUpdate(found) : found
  })
}

export async function saveDeskRecords(
  ledger: Ledger,
  db: Db,
  records: readonly ReferenceRecord[],
): Promise<void> {
  const rows = records
    .filter((record) => isDeskKind(record.kind))
    .sort((a, b) => (`${a.kind}|${a.id}` < `${b.kind}|${b.id}` ? -1 : 1))
  await upsertRows(db, ledger.t.deskRecord, ['kind', 'id'], rows)
}

/** All records of a kind, by id. */
export function listDeskRecords(
  ledger: Ledger,
  kind: DeskKind,
  db: Db = ledger.db,
): Promise<ReferenceRecord[]> {
  const { deskRecord } = ledger.t
  return db.select().from(deskRecord).where(eq(deskRecord.kind, kind)).orderBy(asc(deskRecord.id))
}
