import * as v from 'valibot'
import type { DuplicatesReport } from '#model/report-duplicates.ts'
import { type Fetch, read, write } from './request.ts'

// Records that may be of one person, making them one, and undoing it. Throws DeskError.

type Shape<T> = v.GenericSchema<unknown, T>

const text = v.string()
const number = v.number()

const RecordShape = v.object({
  customer_id: text,
  home_store_id: text,
  name: text,
  phone_end: v.nullable(text),
  created_at: number,
  visit_days: number,
  last_day: v.nullable(number),
})

const DuplicatesShape: Shape<DuplicatesReport> = v.object({
  groups: v.array(v.array(RecordShape)),
  total: number,
  merged: v.array(
    v.object({
      customer_id: text,
      home_store_id: text,
      name: text,
      into_id: text,
      into_name: text,
      day: number,
    }),
  ),
  stores: v.array(v.object({ id: text, name: text, name_en: v.nullable(text) })),
})

const ReasonShape = v.object({ reason: v.nullable(text) })

export type DuplicateRecord = v.InferOutput<typeof RecordShape>
export type MergedRecord = DuplicatesReport['merged'][number]

export function getDuplicates(get: Fetch): Promise<DuplicatesReport> {
  return read(get, '/api/desk/duplicates', DuplicatesShape)
}

/** Makes one record part of another. Gives why it was refused, or null. */
export async function mergeInto(
  get: Fetch,
  goes: DuplicateRecord,
  stays: DuplicateRecord,
): Promise<string | null> {
  const asked = {
    customer_id: goes.customer_id,
    home_store_id: goes.home_store_id,
    into_id: stays.customer_id,
    into_home_store_id: stays.home_store_id,
  }
  return (await write(get, '/api/desk/duplicates/merge', asked, ReasonShape)).reason
}

/** Lets a record stand for itself again. Gives why it was refused, or null. */
export async function undoMerge(get: Fetch, part: MergedRecord): Promise<string | null> {
  const asked = { customer_id: part.customer_id, home_store_id: part.home_store_id }
  return (await write(get, '/api/desk/duplicates/unmerge', asked, ReasonShape)).reason
}
