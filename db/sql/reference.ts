import { asc } from 'drizzle-orm'
import type { SQLiteColumn, SQLiteTable } from 'drizzle-orm/sqlite-core'
import type { Actor } from '#model/access.ts'
import { type ChainKind, isDeskKind, REFERENCE_KINDS, type ReferenceKind } from '#model/kinds.ts'
import type { Stamp } from '#model/op.ts'
import { type ReferenceRecord, type ReferenceRow, rowOfRecord } from '#model/reference.ts'
import { ROLES, type Role } from '#model/staff.ts'
import { listDeskRecords, loadDeskRecords, saveDeskRecords } from './desk-records.ts'
import type { Db } from './engine.ts'
import { keptQuery } from './kept-query.ts'
import type { Ledger } from './ledger.ts'
import { among, selectByKeys, upsertRows } from './rows.ts'

const TABLE_OF = {
  region: 'region',
  store: 'store',
  staff: 'staff',
  device: 'device',
  tag_group: 'tagGroup',
  tag: 'tag',
} as const satisfies Record<ReferenceKind, string>

/** What figures and access need of a store. */
export interface StoreInfo {
  id: string
  zone: string
  cutoff_minutes: number
  region_id: string | null
  country: string
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}

function roleOf(value: unknown): Role {
  return ROLES.find((role) => role === value) ?? 'clerk'
}

export function storeOfRecord({ id, fields }: ReferenceRecord): StoreInfo {
  return {
    id,
    zone: textOf(fields['zone']) ?? 'UTC',
    cutoff_minutes: Number(fields['cutoff_minutes'] ?? 0),
    region_id: textOf(fields['region_id']),
    country: textOf(fields['country']) ?? '',
  }
}

export function actorOfRecord({ id, fields }: ReferenceRecord): Actor {
  const stores = fields['store_ids']
  return {
    id,
    role: roleOf(fields['role']),
    store_ids: Array.isArray(stores) ? stores.map(String) : [],
    region_id: textOf(fields['region_id']),
    active: fields['state'] !== 'left',
  }
}

interface ReferenceTable extends SQLiteTable {
  id: SQLiteColumn
}

/** All reference tables share an id, their kind's fields as columns, and the stamps. */
function tableOf(ledger: Ledger, kind: ReferenceKind): ReferenceTable {
  return ledger.t[TABLE_OF[kind]] as unknown as ReferenceTable
}

/** Absent fields are null in a table and left out of a record. */
function recordOf(kind: ReferenceKind, row: Record<string, unknown>): ReferenceRecord {
  const { id, stamps, ...columns } = row
  const fields = Object.fromEntries(Object.entries(columns).filter(([, value]) => value !== null))
  return { id: String(id), kind, fields, stamps: stamps as Record<string, Stamp> }
}

const selectOf = (kind: ReferenceKind, lock: boolean) =>
  keptQuery((ledger, db, { ids }: { ids: readonly string[] }) => {
    const table = tableOf(ledger, kind)
    const found = db.select().from(table).where(among(table.id, ids)).orderBy(table.id)
    return lock ? ledger.forUpdate(found) : found
  })

type Selects = Record<ReferenceKind, ReturnType<typeof selectOf>>

/** One query per kind: a kept one decides nothing by its values. The kinds are all there. */
function selects(lock: boolean): Selects {
  return Object.fromEntries(REFERENCE_KINDS.map((kind) => [kind, selectOf(kind, lock)])) as Selects
}

const [SELECT, SELECT_LOCKED] = [selects(false), selects(true)]

export async function loadReferences(
  ledger: Ledger,
  db: Db,
  kind: ChainKind,
  ids: readonly string[],
  lock: boolean,
): Promise<ReferenceRecord[]> {
  if (isDeskKind(kind)) return loadDeskRecords(ledger, db, kind, ids, lock)
  const select = lock ? SELECT_LOCKED[kind] : SELECT[kind]
  const rows = await selectByKeys([...ids].sort(), (slice) => select(ledger, db, { ids: slice }))
  return rows.map((row) => recordOf(kind, row))
}

export async function saveReferences(
  ledger: Ledger,
  db: Db,
  records: readonly ReferenceRecord[],
): Promise<void> {
  for (const kind of REFERENCE_KINDS) {
    const rows = records
      .filter((record) => record.kind === kind)
      .sort((a, b) => (a.id < b.id ? -1 : 1))
      .map((record) => ({ ...record.fields, id: record.id, stamps: record.stamps }))
    await upsertRows(db, tableOf(ledger, kind), keyId(), rows)
  }
  await saveDeskRecords(ledger, db, records)
}

/** The shared shape above hides the columns from the type, but `id` is there by its interface. */
function keyId<K extends string>(): K[] {
  return ['id'] as string[] as K[]
}

/** All records of a kind, by id. */
export async function listReference(
  ledger: Ledger,
  kind: ChainKind,
  db: Db = ledger.db,
): Promise<ReferenceRow[]> {
  if (isDeskKind(kind)) return (await listDeskRecords(ledger, kind, db)).map(rowOfRecord)
  const table = tableOf(ledger, kind)
  const rows = await db.select().from(table).orderBy(asc(table.id))
  return rows.map((row) => rowOfRecord(recordOf(kind, row)))
}
