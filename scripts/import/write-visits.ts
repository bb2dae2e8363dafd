import { complainer } from './fields.ts'
import { KeySet } from './key-set.ts'
import type { VisitTable } from './mapping.ts'
import type { ImportDraft } from './sink.ts'
import { Spool } from './spool.ts'
import { raggedOf, type Stage } from './stage.ts'
import type { StoreRef } from './stores.ts'
import { type Origin, readTable } from './table.ts'
import { type VisitRecord, visitReader } from './visits.ts'

/** Where and when a customer was first seen. */
export interface FirstVisit {
  at: number
  store: StoreRef
}

/** A visit as it waits for its customer to be written. */
interface WaitingVisit extends Origin {
  key: string
  store_id: string
  customer: string
  at: number
  details: Record<string, unknown>
}

export interface ReadVisits {
  rows: number
  /** By the source's id of the customer: a home is where the first visit happened. */
  first: ReadonlyMap<string, FirstVisit>
  waiting: Spool<WaitingVisit>
}

/** Visits in one transaction: enough to make its cost small, few enough to bound memory. */
const BATCH_VISITS = 2000

/** Equal times are settled by the store's id, so that the order of rows decides nothing. */
function noteFirst(first: Map<string, FirstVisit>, { customer, at, store }: VisitRecord): void {
  const known = first.get(customer)
  const isEarlier = !known || at < known.at || (at === known.at && store.id < known.store.id)
  if (isEarlier) first.set(customer, { at, store })
}

async function readInto(
  waiting: Spool<WaitingVisit>,
  stage: Stage,
  table: VisitTable,
): Promise<Omit<ReadVisits, 'waiting'>> {
  const complain = complainer(stage.findings, 'visit', table)
  const read = visitReader(stage.mapping, table, stage.findStore, stage.now())
  const [keys, first] = [new KeySet(), new Map<string, FirstVisit>()]
  let rows = 0
  for await (const row of readTable(stage.folder, table, raggedOf(stage, 'visit'))) {
    rows += 1
    stage.onRow('reading visits')
    const visit = read(row, complain)
    if (!visit) continue
    if (row.key === '' || !keys.add(row.key)) {
      complain(row, 'id', row.key === '' ? 'empty' : 'same-id')
      continue
    }
    const { store, customer, at, details } = visit
    if (customer !== '') noteFirst(first, visit)
    const { file, key } = row
    waiting.add(customer, { file, row: row.row, key, store_id: store.id, customer, at, details })
  }
  return { rows, first }
}

/**
 * Reads all visits and puts them by, because a customer's home is where the first of them happened
 * and has to be known before the customer is written. Memory follows the number of customers.
 */
export async function readVisits(stage: Stage): Promise<ReadVisits> {
  const waiting = new Spool<WaitingVisit>()
  const table = stage.mapping.visits
  try {
    if (!table) return { rows: 0, first: new Map(), waiting }
    return { ...(await readInto(waiting, stage, table)), waiting }
  } catch (error) {
    waiting.close()
    throw error
  }
}

function draftOf(visit: WaitingVisit, stage: Stage, home: string | null): ImportDraft {
  const { file, row, key, store_id, customer, at, details } = visit
  const customer_id = customer === '' ? null : stage.ids.record('customer', customer)
  return {
    origin: { file, row },
    store_id,
    kind: 'visit',
    record_id: stage.ids.record('visit', key),
    type: 'visit',
    payload: { ...details, customer_id, home_store_id: home },
    at,
    op_id: stage.ids.op('visit', 'visit', key),
  }
}

async function writeBatch(
  visits: readonly WaitingVisit[],
  stage: Stage,
  onStranger: (visit: WaitingVisit) => void,
): Promise<void> {
  await stage.homes.load(visits.map((visit) => visit.customer))
  const drafts: ImportDraft[] = []
  for (const visit of visits) {
    stage.onRow('writing visits')
    const home = stage.homes.of(visit.customer)
    if (visit.customer !== '' && home === null) onStranger(visit)
    else drafts.push(draftOf(visit, stage, home))
  }
  await stage.facts.write(drafts)
}

function byCustomer(a: WaitingVisit, b: WaitingVisit): number {
  if (a.customer !== b.customer) return a.customer < b.customer ? -1 : 1
  return a.at - b.at || (a.key < b.key ? -1 : 1)
}

/** Writes the visits that were put by, customer by customer. */
export async function writeVisits(stage: Stage, { waiting }: ReadVisits): Promise<void> {
  const column = [stage.mapping.visits?.columns['customer'] ?? ''].flat().join(' ')
  const onStranger = ({ file, row, customer: value }: WaitingVisit) => {
    const reason = 'unknown-customer'
    stage.findings.add({ file, row, severity: 'reject', kind: 'visit', column, value, reason })
  }
  for (const bucket of waiting.buckets()) {
    const visits = bucket.sort(byCustomer)
    for (let at = 0; at < visits.length; at += BATCH_VISITS)
      await writeBatch(visits.slice(at, at + BATCH_VISITS), stage, onStranger)
  }
}
