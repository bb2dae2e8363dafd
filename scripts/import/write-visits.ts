import { type Complain, complainer, silent } from './fields.ts'
import { KeySet } from './key-set.ts'
import type { VisitTable } from './mapping.ts'
import { raggedOf, type Stage } from './stage.ts'
import type { ImportDraft } from './sink.ts'
import type { StoreRef } from './stores.ts'
import { readTable } from './table.ts'
import { type VisitRecord, visitReader } from './visits.ts'

/** Where and when a customer was first seen. */
export interface FirstVisit {
  at: number
  store: StoreRef
}

/** By the source's id of the customer. */
export type FirstVisits = ReadonlyMap<string, FirstVisit>

/** Visits in one transaction: enough to make its cost small, few enough to bound memory. */
const BATCH_VISITS = 2000

/**
 * A first look at the visits, because a customer's home is where the first of them happened. Only
 * that is kept: memory follows the number of customers, not of visits.
 */
export async function readFirstVisits(stage: Stage): Promise<FirstVisits> {
  const first = new Map<string, FirstVisit>()
  const { visits: table, customers } = stage.mapping
  if (!table || !customers) return first
  const read = visitReader(stage.mapping, table, stage.findStore, stage.now())
  for await (const row of readTable(stage.folder, table, () => undefined)) {
    stage.onRow('first visits')
    const visit = read(row, silent)
    if (!visit || visit.customer === '') continue
    const known = first.get(visit.customer)
    // Equal times are settled by the store's id, so that the order of rows decides nothing.
    const isEarlier =
      !known || visit.at < known.at || (visit.at === known.at && visit.store.id < known.store.id)
    if (isEarlier) first.set(visit.customer, { at: visit.at, store: visit.store })
  }
  return first
}

function draftOf(visit: VisitRecord, stage: Stage, home: string | null): ImportDraft {
  const { row, store, customer, at, details } = visit
  const customer_id = customer === '' ? null : stage.ids.record('customer', customer)
  return {
    origin: { file: row.file, row: row.row },
    store_id: store.id,
    kind: 'visit',
    record_id: stage.ids.record('visit', row.key),
    type: 'visit',
    payload: { ...details, customer_id, home_store_id: home },
    at,
    op_id: stage.ids.op('visit', 'visit', row.key),
  }
}

async function writeBatch(
  visits: readonly VisitRecord[],
  stage: Stage,
  complain: Complain,
): Promise<void> {
  await stage.homes.load(visits.map((visit) => visit.customer))
  const drafts: ImportDraft[] = []
  for (const visit of visits) {
    const home = stage.homes.of(visit.customer)
    if (visit.customer !== '' && home === null) complain(visit.row, 'customer', 'unknown-customer')
    else drafts.push(draftOf(visit, stage, home))
  }
  await stage.facts.write(drafts)
}

async function writeTable(stage: Stage, table: VisitTable): Promise<number> {
  const complain = complainer(stage.findings, 'visit', table)
  const read = visitReader(stage.mapping, table, stage.findStore, stage.now())
  const keys = new KeySet()
  let rows = 0
  let batch: VisitRecord[] = []
  for await (const row of readTable(stage.folder, table, raggedOf(stage, 'visit'))) {
    rows += 1
    stage.onRow('visits')
    const visit = read(row, complain)
    if (!visit) continue
    if (row.key === '' || !keys.add(row.key)) {
      complain(row, 'id', row.key === '' ? 'empty' : 'same-id')
      continue
    }
    batch.push(visit)
    if (batch.length < BATCH_VISITS) continue
    await writeBatch(batch, stage, complain)
    batch = []
  }
  await writeBatch(batch, stage, complain)
  return rows
}

/** Reads the visits again and writes them in batches; returns the rows read. */
export async function writeVisits(stage: Stage): Promise<number> {
  const table = stage.mapping.visits
  return table ? writeTable(stage, table) : 0
}
