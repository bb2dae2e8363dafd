// A tablet's database for the tests of this folder: enrolled, with its store's record, one clerk,
// a tag group and packed parts as the server packs them, but without any server.
import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { v7 } from 'uuid'
import { CHAIN } from '#model/id.ts'
import type { CustomerRow } from '#model/customer.ts'
import { joinPart, packCustomers, packPast, type PartPast } from '#model/part.ts'
import type { FeedPage, FeedRow } from '#model/protocol.ts'
import type { Visit } from '#model/visit.ts'
import { applyPage } from './apply-page.ts'
import { type Local, openLocal } from './database.ts'
import { saveEnrolment } from './enrolment.ts'
import { beginDownload, finishDownload, readPart, storeParts } from './generations.ts'

/** Monday 2 November 2026, 10:00 in Shanghai. */
export const MORNING = Date.UTC(2026, 10, 2, 2)
export const EPOCH = v7()

export interface TestLocal {
  local: Local
  clock: { now: number }
  store: string
  clerk: string
  actor: { actor_id: string; unlock_id: string }
  tag: string
}

export function page(from: number, rows: FeedRow[], more = false): FeedPage {
  const cursor = rows.at(-1)?.seq ?? from
  return { epoch: EPOCH, from, cursor, head: cursor, floor: 0, rows, more }
}

function put(seq: number, id: string, kind: string, body: object): FeedRow {
  return { seq, id, state: 'put', kind, body: { ...body, id } }
}

/** A database with the chain's records; the store's feed has not come yet. */
export async function openTestLocal(): Promise<TestLocal> {
  const clock = { now: MORNING }
  const local = await openLocal(
    {
      now: () => clock.now,
      monotonic: () => 0,
      uuid: () => v7(),
      sha256: (text) => createHash('sha256').update(text).digest('hex'),
    },
    `test-${v7()}`,
  )
  const [store, clerk, group, tag] = [v7(), v7(), v7(), v7()]
  const enrolled = { device_id: v7(), store_id: store, name: 'Counter' }
  await saveEnrolment(local, { ...enrolled, server_now: clock.now })
  const place = { zone: 'Asia/Shanghai', cutoff_minutes: 240, currency: 'CNY', country: 'CN' }
  const rows = [
    put(1, store, 'store', { name: 'Store', type: 'store', region_id: v7(), ...place }),
    put(2, clerk, 'staff', { name: '王芳', role: 'clerk', store_ids: [store], state: 'active' }),
    put(3, group, 'tag_group', { label: 'Skin', order: 0, required: true }),
    put(4, tag, 'tag', { group_id: group, label: 'Dry', order: 0, retired: false }),
  ]
  await applyPage(local, CHAIN, page(0, rows))
  const actor = { actor_id: clerk, unlock_id: v7() }
  return { local, clock, store, clerk, actor, tag }
}

export function customerRow(store: string, fields: Partial<CustomerRow> = {}): CustomerRow {
  return {
    id: v7(),
    home_store_id: store,
    created_at: MORNING,
    created_by: v7(),
    name: '张伟',
    phone: null,
    phone_alt: null,
    card: null,
    email: null,
    birthday: null,
    gender: null,
    tier: null,
    note: null,
    attributes: null,
    consents: [],
    taggings: [],
    pinyin: 'zhangwei',
    initials: 'zw',
    ...fields,
  }
}

export function visitAt(store: string, customer: string, at: number): Visit {
  return {
    id: v7(),
    store_id: store,
    customer_id: customer,
    home_store_id: store,
    count: 1,
    purpose: 'buy',
    need: null,
    spend_minor: null,
    items: null,
    note: null,
    receipt: null,
    at,
    day: Math.floor((at + 4 * 3_600_000) / 86_400_000),
    actor_id: v7(),
    void: false,
  }
}

function packed(value: unknown): Uint8Array {
  return new Uint8Array(gzipSync(JSON.stringify(value)))
}

/** Downloads customers and their past as parts of `size`, as of `seq`. */
export async function downloadParts(
  { local, store }: TestLocal,
  customers: readonly CustomerRow[],
  past: PartPast = {},
  { seq = 10, size = 150, epoch = EPOCH } = {},
): Promise<void> {
  const groups: CustomerRow[][] = []
  for (let from = 0; from < customers.length; from += size)
    groups.push(customers.slice(from, from + size))
  const parts = groups.map((group, no) => {
    const ids = group.map(({ id }) => id)
    const bytes = joinPart(packed(packCustomers(group)), packed(packPast(past, ids)))
    return { no, bytes, rows: group.length, customers: group.length }
  })
  const listed = parts.map((part) => {
    const sha256 = createHash('sha256').update(part.bytes).digest('hex')
    return { ...part, bytes: part.bytes.length, sha256 }
  })
  const open = await beginDownload(local, store, { feed: store, epoch, seq, parts: listed })
  for (const { no, bytes } of parts) {
    const part = listed[no]
    if (open?.missing.includes(no) && part)
      await storeParts(local, open, [await readPart(part, bytes)])
  }
  await finishDownload(local, store)
}
