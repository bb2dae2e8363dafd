import * as v from 'valibot'
import { MOVEMENT_KINDS } from '#model/movements.ts'
import type { StatementNote } from '#model/period-close.ts'
import type { Period } from '#model/period.ts'
import type {
  DefinitionsReport,
  MovementsReport,
  PlaceStatement,
  StatementReport,
  TenuresReport,
} from '#model/report.ts'
import { TENURE_LINES, type TenureLine } from '#model/tenure.ts'
import { type Fetch, read, write } from './request.ts'
import type { Knowledge, ListedKind } from './statement-address.ts'

// The customer asset statement as the server tells it. Every function throws DeskError.

type Shape<T> = v.GenericSchema<unknown, T>

const number = v.number()
const text = v.string()
const maybeText = v.nullable(text)
const maybeNumber = v.nullable(number)

const Side = v.object({
  opening: number,
  new: number,
  reactivated: number,
  transfer_in: number,
  unmerged: number,
  lost: number,
  transfer_out: number,
  merged: number,
  erased: number,
  expanded: number,
  contracted: number,
  late: number,
  redefined: number,
  closing: number,
})

const Place = v.object({
  scope: text,
  level: v.picklist(['store', 'region', 'chain']),
  region_id: maybeText,
  currency: maybeText,
  customers: Side,
  value: v.nullable(Side),
})

const Row = v.object({
  ...Place.entries,
  name: text,
  name_en: maybeText,
  as_of: v.nullable(number),
})

const Note = v.object({
  id: text,
  scope: text,
  period: text,
  line: text,
  text,
  by_name: text,
  at: number,
})

const Restatement = v.object({
  at: number,
  day: number,
  from_version: number,
  to_version: number,
  from_activity_days: maybeNumber,
  to_activity_days: maybeNumber,
  figures: number,
  stores: number,
})

export const DefinitionsReportShape: Shape<DefinitionsReport> = v.object({
  version: number,
  restatements: v.array(Restatement),
})

const Recount = v.object({ day: number, counted_at: number, stores: number, differing: number })

const Fault = v.object({
  scope: text,
  side: v.picklist(['customers', 'value']),
  what: v.picklist(['balance', 'stores']),
  expected: number,
  found: number,
})

export const StatementReportShape: Shape<StatementReport> = v.object({
  period: text,
  from: number,
  to: number,
  rows: v.array(Row),
  faults: v.array(Fault),
  view: v.picklist(['restated', 'closed']),
  closed: v.nullable(v.object({ period: text, at: number, by_name: text })),
  closable: maybeText,
  notes: v.array(Note),
  restatements: v.array(Restatement),
  recount: v.nullable(Recount),
  computed_at: number,
  dirty_days: number,
})

export const PlaceStatementShape: Shape<PlaceStatement> = Place

export const MovementsReportShape: Shape<MovementsReport> = v.object({
  scope: text,
  kind: v.picklist([...MOVEMENT_KINDS, 'late']),
  rows: v.array(
    v.object({
      customer_id: text,
      name: maybeText,
      store_id: text,
      kind: v.picklist(MOVEMENT_KINDS),
      day: number,
      counterparty: maybeText,
      value_minor: number,
      currency: maybeText,
    }),
  ),
  total: number,
  people: number,
})

export const TenuresReportShape: Shape<TenuresReport> = v.object({
  scope: text,
  line: v.picklist(TENURE_LINES),
  rows: v.array(
    v.object({
      customer_id: text,
      name: maybeText,
      since: number,
      until: v.nullable(number),
      before_minor: number,
      grew_minor: number,
      shrank_minor: number,
      after_minor: number,
    }),
  ),
  total: number,
  sum_minor: number,
})

const anything = v.unknown()

export function getStatement(
  get: Fetch,
  period: Period,
  view: Knowledge,
): Promise<StatementReport> {
  const query = new URLSearchParams({ period: period.text, view })
  return read(get, `/api/desk/statement?${query}`, StatementReportShape)
}

/** By which definitions this chain's figures are counted, and when they were counted anew. */
export function getDefinitions(get: Fetch): Promise<DefinitionsReport> {
  return read(get, '/api/desk/definitions', DefinitionsReportShape)
}

/** The statement of one place. */
export function getPlaceStatement(
  get: Fetch,
  scope: string,
  period: Period,
): Promise<PlaceStatement> {
  const query = new URLSearchParams({ period: period.text })
  const path = `/api/desk/statement/${encodeURIComponent(scope)}?${query}`
  return read(get, path, PlaceStatementShape)
}

/** The customers behind a line of a scope's statement, the latest first. */
export function getMovements(
  get: Fetch,
  scope: string,
  kind: ListedKind,
  period: Period,
): Promise<MovementsReport> {
  const query = new URLSearchParams({ kind, period: period.text })
  const path = `/api/desk/statement/${encodeURIComponent(scope)}/movements?${query}`
  return read(get, path, MovementsReportShape)
}

/** The customers behind an opening, a closing or a line of value of a store, the largest first. */
export function getTenures(
  get: Fetch,
  storeId: string,
  line: TenureLine,
  period: Period,
): Promise<TenuresReport> {
  const query = new URLSearchParams({ line, period: period.text })
  const path = `/api/desk/statement/${encodeURIComponent(storeId)}/customers?${query}`
  return read(get, path, TenuresReportShape)
}

/** Closes a month for the whole chain. A 409 `not-closable` says why not in its detail. */
export async function closeMonth(get: Fetch, period: string): Promise<void> {
  await write(get, '/api/desk/closes', { period }, anything)
}

/** Writes a note, or another text of the one with this id; an empty text takes it back. */
export async function writeNote(
  get: Fetch,
  note: Omit<StatementNote, 'by'> & { id: string | null },
): Promise<void> {
  await write(get, '/api/desk/statement-notes', note, anything)
}
