import { type Complain, complainer } from './fields.ts'
import { type CustomerRecord, customerReader } from './customers.ts'
import { KeySet } from './key-set.ts'
import { Lookalikes } from './lookalikes.ts'
import type { CustomerTable } from './mapping.ts'
import { raggedOf, type Stage } from './stage.ts'
import type { ImportDraft } from './sink.ts'
import type { StoreRef } from './stores.ts'
import { readTable, type TableRow } from './table.ts'
import { tagNamesOf } from './tags.ts'
import type { FirstVisit, ReadVisits } from './write-visits.ts'

/** Customers in one transaction; each brings its consents and tags along. */
const BATCH_CUSTOMERS = 500

/** The store that the source names, else that of the first visit, else the head office. */
function homeOf(
  row: TableRow,
  stage: Stage,
  first: FirstVisit | undefined,
  complain: Complain,
): StoreRef {
  const key = row.field('home')
  const named = key === '' ? null : stage.findStore(key)
  if (key !== '' && !named) complain(row, 'home', 'unknown-store', 'warning')
  return named ?? first?.store ?? stage.headOffice
}

type Envelope = Pick<ImportDraft, 'origin' | 'store_id' | 'record_id' | 'at'>

function consentDrafts(record: CustomerRecord, stage: Stage, envelope: Envelope): ImportDraft[] {
  const proof = `import ${stage.mapping.source}`
  return record.consents.map((word): ImportDraft => {
    const key = JSON.stringify([record.row.key, word.purpose, word.channel])
    return {
      ...envelope,
      kind: 'consent',
      type: 'set',
      payload: { ...word, proof, home_store_id: envelope.store_id },
      op_id: stage.ids.op('consent', word.state, key),
    }
  })
}

async function tagDrafts(
  record: CustomerRecord,
  stage: Stage,
  table: CustomerTable,
  envelope: Envelope,
  complain: Complain,
): Promise<ImportDraft[]> {
  if (!table.tags) return []
  const drafts: ImportDraft[] = []
  for (const name of tagNamesOf(record.row, table.tags)) {
    const tag = stage.tags.find(name, record.row)
    if (!tag) complain(record.row, table.tags.column, 'too-long', 'warning')
    if (!tag) continue
    if (tag.drafts.length > 0) await stage.reference.write(tag.drafts)
    drafts.push({
      ...envelope,
      kind: 'tagging',
      type: 'tag+',
      payload: { tag_id: tag.id, source: 'import', home_store_id: envelope.store_id },
      op_id: stage.ids.op('tagging', 'tag+', JSON.stringify([record.row.key, name])),
    })
  }
  return drafts
}

/** A customer who is there already keeps name and home; only new tags and consents are added. */
async function draftsOf(
  record: CustomerRecord,
  stage: Stage,
  table: CustomerTable,
  first: FirstVisit | undefined,
  complain: Complain,
): Promise<ImportDraft[]> {
  const { key } = record.row
  const known = stage.homes.of(key)
  const home = known ?? String(record.payload['home_store_id'])
  stage.homes.set(key, home)
  const at = record.created_at ?? first?.at ?? stage.now()
  const record_id = stage.ids.record('customer', key)
  const envelope = { origin: record.row, store_id: home, record_id, at }
  const create: ImportDraft = {
    ...envelope,
    kind: 'customer',
    type: 'create',
    payload: record.payload,
    op_id: stage.ids.op('customer', 'create', key),
  }
  if (known !== null) stage.facts.tally('customer').known += 1
  return [
    ...(known === null ? [create] : []),
    ...consentDrafts(record, stage, envelope),
    ...(await tagDrafts(record, stage, table, envelope, complain)),
  ]
}

async function writeBatch(
  records: readonly CustomerRecord[],
  stage: Stage,
  table: CustomerTable,
  first: ReadVisits['first'],
  complain: Complain,
): Promise<void> {
  await stage.homes.load(records.map((record) => record.row.key))
  const drafts: ImportDraft[] = []
  for (const record of records)
    drafts.push(...(await draftsOf(record, stage, table, first.get(record.row.key), complain)))
  await stage.facts.write(drafts)
}

/** Reads the customers and writes them in batches; returns the rows read. */
export async function writeCustomers(stage: Stage, first: ReadVisits['first']): Promise<number> {
  const table = stage.mapping.customers
  if (!table) return 0
  const complain = complainer(stage.findings, 'customer', table)
  const read = customerReader(table, complain, stage.now())
  const [keys, lookalikes] = [new KeySet(), new Lookalikes()]
  let rows = 0
  let batch: CustomerRecord[] = []
  for await (const row of readTable(stage.folder, table, raggedOf(stage, 'customer'))) {
    rows += 1
    stage.onRow('customers')
    if (row.key === '' || !keys.add(row.key)) {
      complain(row, 'id', row.key === '' ? 'empty' : 'same-id')
      continue
    }
    const record = read(row, homeOf(row, stage, first.get(row.key), complain))
    if (!record) continue
    const alike = table.alike.map((columns) => columns.map((name) => row.cell(name)).join('\n'))
    const twin = lookalikes.find({ name: record.name, phone: record.phone, alike }, row.row)
    if (twin) complain(row, twin.reason === 'alike' ? 'name' : 'phone', twin.reason, 'duplicate')
    batch.push(record)
    if (batch.length < BATCH_CUSTOMERS) continue
    await writeBatch(batch, stage, table, first, complain)
    batch = []
  }
  await writeBatch(batch, stage, table, first, complain)
  return rows
}
