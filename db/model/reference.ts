import { isLater, type Stamp } from './op.ts'

/** A record of reference data: its fields by name, and who wrote each of them last. */
export interface ReferenceRecord {
  id: string
  kind: string
  fields: Record<string, unknown>
  stamps: Record<string, Stamp>
}

/** A reference record as devices hold it. */
export interface ReferenceRow {
  id: string
  [field: string]: unknown
}

export function createRecord(
  kind: string,
  recordId: string,
  fields: Record<string, unknown>,
  stamp: Stamp,
): ReferenceRecord {
  const stamps = Object.fromEntries(Object.keys(fields).map((field) => [field, stamp]))
  return { id: recordId, kind, fields, stamps }
}

/** Each field goes to its later writer. */
export function setRecord(
  record: ReferenceRecord,
  fields: Record<string, unknown>,
  stamp: Stamp,
): ReferenceRecord {
  const won = Object.entries(fields).filter(([field]) => isLater(stamp, record.stamps[field]))
  if (won.length === 0) return record
  return {
    ...record,
    fields: { ...record.fields, ...Object.fromEntries(won) },
    stamps: { ...record.stamps, ...Object.fromEntries(won.map(([field]) => [field, stamp])) },
  }
}

export function rowOfRecord(record: ReferenceRecord): ReferenceRow {
  return { ...record.fields, id: record.id }
}
