// The work's store in our own ledger, written as the importer writes: ops through every rule.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { CHAIN } from '#model/id.ts'
import { ensureDesk } from '#sql/devices.ts'
import type { Ledger } from '#sql/ledger.ts'
import { openLedger } from '#sql/open-ledger.ts'
import { nodePorts } from '#sql/ports.ts'
import { manifest } from '#sql/snapshot.ts'
import type { TimedDraft, Writer } from '#sql/write.ts'
import { makeStores, mustWrite } from '../stores.ts'
import type { Work, WorkCustomer, WorkVisit } from './work.ts'

const BATCH = 2000
const CUSTOMER_BATCH = 500
const NOTE = 'seeded.json'

export interface Seeded {
  store_id: string
  admin_id: string
  /** How long the server took to pack the parts, which it does once for all tablets. */
  packMs: number
}

let desk: Writer | null = null

/** The desk's writer in the name of the administrator, who is on the books already. */
export async function deskOf(ledger: Ledger): Promise<Writer> {
  if (desk) return desk
  const { staff } = ledger.t
  const rows = await ledger.db.select().from(staff)
  const admin = rows.find((row) => row.role === 'admin')
  if (!admin) throw new Error('the bench chain has no administrator')
  desk = { session: await ensureDesk(ledger), actor_id: admin.id, unlock_id: null }
  return desk
}

export function readSeeded(folder: string): Seeded {
  return JSON.parse(readFileSync(join(folder, NOTE), 'utf8')) as Seeded // Written below.
}

/** Fills a folder with the ledger of the work, the first download packed. */
export async function seedOurs(folder: string, work: Work): Promise<void> {
  const ledger = await openLedger(join(folder, 'ledger.sqlite'), nodePorts)
  try {
    const { stores, writer, admin_id } = await makeStores(ledger, 1, 0, work.base)
    const store_id = stores[0]?.id ?? ''
    await mustWrite(ledger, writer, tagDrafts(work), work.base)
    for (const slice of slices(work.customers, CUSTOMER_BATCH)) {
      const drafts = slice.flatMap((one) => customerDrafts(one, store_id))
      await mustWrite(ledger, writer, drafts, work.base)
    }
    for (const slice of slices(work.visits, BATCH)) {
      const drafts = slice.map((one) => visitDraft(one, store_id))
      await mustWrite(ledger, writer, drafts, work.base)
    }
    const start = performance.now()
    await manifest(ledger, store_id)
    const packMs = Math.round(performance.now() - start)
    writeFileSync(join(folder, NOTE), JSON.stringify({ store_id, admin_id, packMs }))
  } finally {
    await ledger.close()
  }
}

function* slices<T>(list: readonly T[], size: number): Generator<readonly T[]> {
  for (let from = 0; from < list.length; from += size) yield list.slice(from, from + size)
}

function tagDrafts({ tags }: Work): TimedDraft[] {
  const draft = (kind: string, record_id: string, payload: Record<string, unknown>) => ({
    ...{ store_id: CHAIN, kind, record_id, payload },
    type: 'create' as const,
  })
  const group = nodePorts.uuid()
  return [
    draft('tag_group', group, { label: 'Skin', order: 0, required: true }),
    ...tags.map((id, order) => draft('tag', id, { group_id: group, label: `Tag ${order}`, order })),
  ]
}

function customerDrafts(one: WorkCustomer, store_id: string): TimedDraft[] {
  const { id: record_id, name, phone, birthday, gender, tier, tags, at } = one
  const whose = { store_id, record_id, at }
  const payload = { name, phone, birthday, gender, tier, home_store_id: store_id }
  return [
    { ...whose, kind: 'customer', type: 'create', payload },
    ...tags.map((tag_id): TimedDraft => {
      const put = { tag_id, source: 'staff', home_store_id: store_id }
      return { ...whose, kind: 'tagging', type: 'tag+', payload: put }
    }),
  ]
}

function visitDraft({ id, c, at, purpose, spend, items }: WorkVisit, store_id: string): TimedDraft {
  const payload = { customer_id: c, home_store_id: store_id, purpose, spend_minor: spend, items }
  return { store_id, kind: 'visit', record_id: id, type: 'visit', payload, at }
}
