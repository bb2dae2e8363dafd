import type { ReferenceRow } from '#model/reference.ts'
import { listReference } from '#sql/reference.ts'
import { type ChainAccess, openChain } from './chain.ts'
import { complainer } from './fields.ts'
import { Homes } from './homes.ts'
import { idsOf, type Ids } from './ids.ts'
import { ImportError } from './import-error.ts'
import type { Mapping } from './mapping.ts'
import { planRegions } from './regions.ts'
import { dryRunSink, ledgerSink, type Sink } from './sink.ts'
import { planStores, type StorePlan, type StoreRef, storeRefOf } from './stores.ts'
import { type Job, raggedOf, type Stage } from './stage.ts'
import { TagBook } from './tags.ts'
import { writeCustomers } from './write-customers.ts'
import { type ReadVisits, readVisits, writeVisits } from './write-visits.ts'

export interface Outcome {
  isNewChain: boolean
  rows: Record<'stores' | 'customers' | 'visits', number>
  reference: Sink
  facts: Sink
}

const NO_STORES: StorePlan = { byKey: new Map(), regions: [], drafts: () => [], rows: 0 }
const DRY_HEAD_OFFICE = '00000000-0000-8000-8000-000000000000'

function refOf(row: ReferenceRow): StoreRef {
  const text = (field: string) => String(row[field] ?? '')
  const [zone, country, currency] = [text('zone'), text('country'), text('currency')]
  return storeRefOf(row.id, { zone, country, currency })
}

/** Stores are found by the source's id, else by the code or name of a store that is there. */
function storeFinder(
  planned: ReadonlyMap<string, StoreRef>,
  known: readonly ReferenceRow[],
): (key: string) => StoreRef | null {
  const byWord = new Map<string, StoreRef>()
  for (const field of ['name', 'code'])
    for (const store of known)
      if (typeof store[field] === 'string') byWord.set(store[field], refOf(store))
  return (key) => planned.get(key) ?? byWord.get(key) ?? null
}

function dryHeadOffice(mapping: Mapping): StoreRef {
  const { zone = 'UTC', country = '', currency = 'USD' } = mapping.chain ?? {}
  return storeRefOf(DRY_HEAD_OFFICE, { zone, country, currency })
}

async function readStores(job: Job, ids: Ids, headOfficeId: string): Promise<StorePlan> {
  const { mapping, folder } = job
  if (!mapping.stores) return NO_STORES
  const complain = complainer(job.findings, 'store', mapping.stores)
  const ragged = raggedOf(job, 'store')
  return planStores(folder, mapping, mapping.stores, ids, headOfficeId, complain, ragged)
}

function sinksOf(job: Job, access: ChainAccess | null): { reference: Sink; facts: Sink } {
  const { ledger, findings, now } = job
  if (!ledger || !access) return { reference: dryRunSink(), facts: dryRunSink() }
  return {
    reference: ledgerSink(ledger, access.admin, findings, now),
    facts: ledgerSink(ledger, access.importer, findings, now),
  }
}

async function listOrNone(job: Job, kind: Parameters<typeof listReference>[1]) {
  return job.ledger ? listReference(job.ledger, kind) : []
}

async function setStage(
  job: Job,
  ids: Ids,
  access: ChainAccess | null,
): Promise<[Stage, StorePlan]> {
  const headOffice = access ? refOf(access.headOffice) : dryHeadOffice(job.mapping)
  const plan = await readStores(job, ids, headOffice.id)
  const stores = await listOrNone(job, 'store')
  const regions = planRegions(plan.regions, await listOrNone(job, 'region'), ids)
  const sinks = sinksOf(job, access)
  await sinks.reference.write(regions.drafts)
  await sinks.reference.write(plan.drafts(regions.ids))
  const storeIds = [...plan.byKey.values()].map((store) => store.id)
  const everyStore = [...new Set([...storeIds, ...stores.map((store) => store.id)])].sort()
  const tags = new TagBook(ids, await listOrNone(job, 'tag_group'), await listOrNone(job, 'tag'))
  const homes = new Homes(job.ledger, ids, everyStore)
  const findStore = storeFinder(plan.byKey, stores)
  return [{ ...job, ...sinks, ids, homes, tags, headOffice, findStore }, plan]
}

/**
 * Imports one source: stores, then customers, then visits. Ids follow from the source's own, so a
 * second run finds everything there and writes nothing.
 * Throws ImportError on what a person has to put right before any row can be read.
 */
export async function runImport(job: Job): Promise<Outcome> {
  const { mapping } = job
  if (!mapping.stores && !mapping.customers && !mapping.visits)
    throw new ImportError('the mapping names no table')
  const ids = idsOf(mapping.source)
  const access = job.ledger ? await openChain(job.ledger, mapping, ids, job.now()) : null
  const [stage, plan] = await setStage(job, ids, access)
  const visits = await readVisits(stage)
  try {
    return await writeFacts(stage, plan, visits, access?.isNew ?? false)
  } finally {
    visits.waiting.close()
  }
}

async function writeFacts(
  stage: Stage,
  plan: StorePlan,
  visits: ReadVisits,
  isNewChain: boolean,
): Promise<Outcome> {
  const customers = await writeCustomers(stage, visits.first)
  await writeVisits(stage, visits)
  const rows = { stores: plan.rows, customers, visits: visits.rows }
  return { isNewChain, rows, reference: stage.reference, facts: stage.facts }
}
