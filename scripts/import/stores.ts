import { CHAIN } from '#model/id.ts'
import { Store } from '#model/store.ts'
import { type Complain, fitPayload, present } from './fields.ts'
import type { Ids } from './ids.ts'
import type { Mapping, StoreTable } from './mapping.ts'
import { minorDigits } from './money.ts'
import type { ImportDraft } from './sink.ts'
import { type OnRagged, readTable, type TableRow } from './table.ts'
import { dayReader } from './when.ts'

/** What the other tables need of a store. */
export interface StoreRef {
  id: string
  zone: string
  country: string
  /** Digits of minor units of the store's currency. */
  digits: number
}

/** Stores by the source's id, and what has to be written to have them. */
export interface StorePlan {
  byKey: Map<string, StoreRef>
  regions: string[]
  drafts: (regionIds: ReadonlyMap<string, string>) => ImportDraft[]
  rows: number
}

interface StoreRow {
  row: TableRow
  id: string
  region: string | null
  payload: Record<string, unknown>
  isHeadOffice: boolean
}

const TEXTS = [
  'name',
  'name_en',
  'code',
  'format',
  'city',
  'city_tier',
  'zone',
  'currency',
  'country',
]
/** Fixed at creation, or, as the head office's name, the chain's own. */
const HEAD_OFFICE_MAY_SET = ['code', 'city']

export function storeRefOf(
  id: string,
  store: { zone: string; country: string; currency: string },
): StoreRef {
  return { id, zone: store.zone, country: store.country, digits: minorDigits(store.currency) }
}

function openedOn(row: TableRow, table: StoreTable, complain: Complain): number | undefined {
  const text = row.field('opened_on')
  if (text === '') return undefined
  const day = dayReader(table.dates['opened_on'] ?? 'YYYY-MM-DD')(text)
  if (day === null) complain(row, 'opened_on', 'date', 'warning')
  return day ?? undefined
}

function readStore(
  row: TableRow,
  mapping: Mapping,
  table: StoreTable,
  complain: Complain,
): Record<string, unknown> | null {
  const { zone, currency, country, cutoff_minutes } = mapping.chain ?? {}
  const opened = openedOn(row, table, complain)
  const cutoff = row.field('cutoff_minutes')
  const payload = {
    cutoff_minutes: cutoff === '' ? cutoff_minutes : Number(cutoff),
    ...(zone === undefined ? {} : { zone, currency, country }),
    ...present(row, TEXTS),
    ...(opened === undefined ? {} : { opened_on: opened }),
    region_id: null,
  }
  const needed = ['name', 'zone', 'currency', 'country', 'cutoff_minutes']
  return fitPayload(Store, payload, needed, (field, reason, severity) =>
    complain(row, field, reason, severity),
  )
}

/**
 * Reads all stores: a chain has few, so they are held. `headOfficeId` is the record that stands
 * for the source's head office.
 */
export async function planStores(
  folder: string,
  mapping: Mapping,
  table: StoreTable,
  ids: Ids,
  headOfficeId: string,
  complain: Complain,
  onRagged: OnRagged,
): Promise<StorePlan> {
  const stores = new Map<string, StoreRow>()
  let rows = 0
  for await (const row of readTable(folder, table, onRagged)) {
    rows += 1
    const payload = readStore(row, mapping, table, complain)
    if (!payload) continue
    if (row.key === '' || stores.has(row.key)) {
      complain(row, 'id', row.key === '' ? 'empty' : 'same-id')
      continue
    }
    const isHeadOffice = row.key === table.head_office
    const id = isHeadOffice ? headOfficeId : ids.record('store', row.key)
    const region = isHeadOffice ? null : row.field('region') || null
    stores.set(row.key, { row, id, region, payload, isHeadOffice })
  }
  const read = [...stores]
  const regions = read.flatMap(([, store]) => store.region ?? [])
  return {
    rows,
    byKey: new Map(read.map(([key, store]) => [key, storeRefOf(store.id, store.payload as never)])),
    regions: [...new Set(regions)].sort(),
    drafts: (regionIds) => read.map(([key, store]) => draftOf(key, store, regionIds, ids)),
  }
}

function draftOf(
  key: string,
  { row, id, region, payload, isHeadOffice }: StoreRow,
  regionIds: ReadonlyMap<string, string>,
  ids: Ids,
): ImportDraft {
  const type = isHeadOffice ? 'set' : 'create'
  const kept = Object.entries(payload).filter(
    ([field]) => !isHeadOffice || HEAD_OFFICE_MAY_SET.includes(field),
  )
  const region_id = region === null ? null : (regionIds.get(region) ?? null)
  return {
    origin: row,
    store_id: CHAIN,
    kind: 'store',
    record_id: id,
    type,
    payload: { ...Object.fromEntries(kept), ...(isHeadOffice ? {} : { region_id }) },
    op_id: ids.op('store', type, key),
  }
}
