// What is at stake: parts fetched twice over a bad line, a half set that answers as a whole one,
// and what travels with the first part. Parts are packed here as the server packs them.
import 'fake-indexeddb/auto'
import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { v7 } from 'uuid'
import { expect, test } from 'vitest'
import type { CustomerRow } from '#model/customer.ts'
import { joinPart, NOBODY, packCustomers, packPast, type PartPast } from '#model/part.ts'
import type { FeedRow, Manifest } from '#model/protocol.ts'
import { applyPage } from './apply-page.ts'
import type { Local } from './database.ts'
import { lossesHere } from './decisions.ts'
import { finishErasures, strangersHere, takeErased } from './erased.ts'
import {
  beginDownload,
  finishDownload,
  readPart,
  type ReadyPart,
  storeParts,
  wantsRepack,
} from './generations.ts'
import { readLastVisits } from './last-visits.ts'
import { Lookup } from './lookup.ts'
import { getCustomer, outboxItems, todayVisits, whyAbsent } from './read.ts'
import { readProgress, readStatus } from './status.ts'
import { customerRow, EPOCH, openTestLocal, page, visitAt } from './test-local.ts'
import { tally } from './write.ts'

interface Packed {
  manifest: Manifest
  bytes: Uint8Array[]
}

function packed(value: unknown): Uint8Array {
  return new Uint8Array(gzipSync(JSON.stringify(value)))
}

function packSet(
  feed: string,
  seq: number,
  groups: readonly CustomerRow[][],
  past: PartPast = {},
  epoch = EPOCH,
): Packed {
  const bytes = groups.map((group, no) => {
    const { [NOBODY]: nobody, ...ofPeople } = past
    const known = { ...ofPeople, ...(no === 0 && nobody ? { [NOBODY]: nobody } : {}) }
    const ids = group.map((row) => row.id)
    return joinPart(packed(packCustomers(group)), packed(packPast(known, ids)))
  })
  const parts = bytes.map((part, no) => {
    const sha256 = createHash('sha256').update(part).digest('hex')
    const count = groups[no]?.length ?? 0
    return { no, rows: count, bytes: part.length, customers: count, sha256 }
  })
  return { manifest: { feed, epoch, seq, parts }, bytes }
}

/** Fetches what is missing of a set, at most `limit` parts; gives the numbers it fetched. */
async function fetchParts(local: Local, { manifest, bytes }: Packed, limit = Infinity) {
  const open = await beginDownload(local, manifest.feed, manifest)
  const nos = (open?.missing ?? []).slice(0, limit)
  const ready: ReadyPart[] = []
  for (const no of nos) {
    const [part, content] = [manifest.parts[no], bytes[no]]
    if (part && content) ready.push(await readPart(part, content))
  }
  // As a download does: the first alone, and what came together in one go.
  for (const group of [ready.slice(0, 1), ready.slice(1)])
    if (open && group.length > 0) await storeParts(local, open, group)
  if (nos.length === (open?.missing.length ?? 0)) await finishDownload(local, manifest.feed)
  return nos
}

function groupsOf(store: string, count: number): CustomerRow[][] {
  return Array.from({ length: count }, (_, group) =>
    Array.from({ length: 3 }, (_, at) => customerRow(store, { name: `Person ${group}${at}` })),
  )
}

test('the look-up answers from the parts that are here while the others come', async () => {
  const { local, store } = await openTestLocal()
  const lookup = new Lookup(local)
  await lookup.load()
  const set = packSet(store, 10, groupsOf(store, 3))
  await fetchParts(local, set, 1)
  await expect.poll(() => lookup.search('Person').length).toBe(3)
  expect(await readStatus(local)).toMatchObject({ hasSynced: false })
  const [first] = set.manifest.parts
  expect(await readProgress(local)).toMatchObject({
    done: 3,
    total: 9,
    bytes: first?.bytes,
    bytesTotal: set.bytes.reduce((sum, part) => sum + part.length, 0),
    parts: 1,
    partsTotal: 3,
  })
  await fetchParts(local, set)
  await expect.poll(() => lookup.search('Person').length).toBe(9)
  expect(await readProgress(local)).toBeNull()
})

test('after a restore or a repack only parts that changed are fetched', async () => {
  const { local, store, clock } = await openTestLocal()
  const groups = groupsOf(store, 4)
  const ids = groups[1]?.map((row) => row.id) ?? []
  const visits = [visitAt(store, ids[0] ?? '', clock.now)]
  const past = { [ids[0] ?? '']: { visits, history: [] } }
  await fetchParts(local, packSet(store, 10, groups, past))
  await readLastVisits(local, store, () => true)
  expect(await todayVisits(local)).toHaveLength(1)

  const restored = packSet(store, 8, groups, past, v7())
  await applyPage(local, store, { ...page(10, []), epoch: restored.manifest.epoch, reset: true })
  expect(await fetchParts(local, restored)).toEqual([])
  await readLastVisits(local, store, () => true)
  expect(await todayVisits(local)).toHaveLength(1)
  expect(await getCustomer(local, ids[2] ?? '')).not.toBeNull()

  const changed = groups.with(2, [customerRow(store, { name: 'Somebody new' })])
  expect(await fetchParts(local, packSet(store, 20, changed, past, v7()))).toEqual([2])
  expect(await local.db.part.count()).toBe(4)
})

test('what was fetched of a set that went stale counts for the next', async () => {
  const { local, store } = await openTestLocal()
  const groups = groupsOf(store, 4)
  expect(await fetchParts(local, packSet(store, 10, groups), 2)).toEqual([0, 1])
  const next = packSet(store, 11, [...groupsOf(store, 1), ...groups])
  expect(await fetchParts(local, next)).toEqual([0, 3, 4])
  expect(await local.db.part.count()).toBe(5)
})

test('an old set answers until the new one is whole', async () => {
  const { local, store } = await openTestLocal()
  const groups = groupsOf(store, 3)
  const known = groups[2]?.[0]?.id ?? ''
  await fetchParts(local, packSet(store, 10, groups))
  const next = packSet(store, 30, groupsOf(store, 3), {}, v7())
  await applyPage(local, store, { ...page(10, []), epoch: next.manifest.epoch, reset: true })
  await fetchParts(local, next, 2)
  expect(await getCustomer(local, known)).not.toBeNull()
  expect(await readStatus(local)).toMatchObject({ hasSynced: true })
  await fetchParts(local, next)
  expect(await getCustomer(local, known)).toBeNull()
})

test('somebody met here stays while parts from before that take over', async () => {
  const { local, store } = await openTestLocal()
  const groups = groupsOf(store, 2)
  await fetchParts(local, packSet(store, 9, groups))
  const [met, gone] = [customerRow(store, { name: 'Met' }), customerRow(store, { name: 'Gone' })]
  const put = (seq: number, row: CustomerRow): FeedRow => {
    return { id: row.id, seq, kind: 'customer', state: 'put', body: row }
  }
  await applyPage(local, store, page(9, [put(10, met), put(11, gone)]))
  const lookup = new Lookup(local)
  await lookup.load()
  // The server was set back to a backup whose parts are older than its rows.
  const epoch = v7()
  await applyPage(local, store, { ...page(11, []), epoch, reset: true })
  await fetchParts(local, packSet(store, 9, groups, {}, epoch))
  expect(await getCustomer(local, met.id)).not.toBeNull()
  expect(lookup.search('Gone')).toHaveLength(1)
  await applyPage(local, store, { ...page(9, [put(10, met)]), epoch })
  expect(await getCustomer(local, met.id)).not.toBeNull()
  expect(await getCustomer(local, gone.id)).toBeNull()
  await expect.poll(() => lookup.search('Gone').length).toBe(0)
})

test('a set that another tab began instead does not take over half fetched', async () => {
  const { local, store } = await openTestLocal()
  const [mine, other] = [
    packSet(store, 10, groupsOf(store, 2)),
    packSet(store, 12, groupsOf(store, 2)),
  ]
  await fetchParts(local, mine, 1)
  await fetchParts(local, other, 1)
  await finishDownload(local, store)
  expect(await readStatus(local)).toMatchObject({ hasSynced: false })
  expect(await readProgress(local)).toMatchObject({ parts: 1, partsTotal: 2 })
})

test('rows of every other kind come with the first part, and newer ones stay', async () => {
  const { local, store, actor } = await openTestLocal()
  await tally(local, actor, 1)
  await local.db.op.update(1, { state: 'refused' })
  const about = (await outboxItems(local))[0]?.op.op_id ?? ''
  const by = v7()
  const decision = { id: v7(), subject: 'op', subject_id: about, verdict: 'dismiss', by, at: 5 }
  const loss = { id: v7(), device_id: v7(), from_n: 2, to_n: 4, state: 'open', found_at: 1 }
  const put = (kind: string, body: { id: string }, seq: number): FeedRow =>
    ({ seq, id: body.id, state: 'put', kind, body }) as unknown as FeedRow
  const task = { id: v7(), due: 3 }
  const rows = [
    put('decision', { ...decision, reason: 'No' } as { id: string }, 4),
    put('loss', loss, 5),
    put('task', task, 6),
  ]
  const past = { [NOBODY]: { visits: [], history: [], rows } }
  await fetchParts(local, packSet(store, 10, groupsOf(store, 1), past))
  expect(await outboxItems(local)).toMatchObject([{ state: 'dismissed', decision: { by } }])
  expect(await readStatus(local)).toMatchObject({ lost: 3, decided: 1 })
  expect(await local.db.row.get([store, task.id])).toMatchObject({ kind: 'task', body: task })

  // An entry closed since lies over the parts, and a repack of before does not open it again.
  const closed = { ...loss, state: 'accepted' }
  await applyPage(local, store, page(10, [put('loss', closed, 12)]))
  await fetchParts(local, packSet(store, 11, groupsOf(store, 1), past))
  expect(await lossesHere(local)).toMatchObject([{ state: 'accepted' }])
})

test('an erased person is taken out of parts that were fetched before it was known', async () => {
  const { local, store } = await openTestLocal()
  const groups = groupsOf(store, 2)
  const person = groups[1]?.[1]?.id ?? ''
  await fetchParts(local, packSet(store, 10, groups))
  const gone: FeedRow = { seq: 14, id: person, state: 'gone', kind: 'customer', body: null }
  await applyPage(local, store, page(10, [gone]))
  await finishErasures(local)
  expect(await whyAbsent(local, person)).toBe('gone')
  // A repack that was on its way all the while still holds the person.
  const stale = packSet(store, 12, groups)
  expect(await fetchParts(local, stale)).toEqual([1])
  await finishErasures(local)
  const left = await local.parts.customers(1)
  expect(left.map((row) => row.name)).toEqual(['Person 10', 'Person 12'])
  expect((await local.parts.find(groups[1]?.[2]?.id ?? ''))?.index).toBe(1)
})

test('what the first part says of an erased person who is no customer here goes, too', async () => {
  const { local, store } = await openTestLocal()
  const [gone, stays] = [v7(), v7()]
  const visits = [gone, stays].map((customer) => ({
    ...visitAt(store, customer, 1_000),
    note: `of ${customer}`,
  }))
  const rows = visits.map((body): FeedRow => {
    return { seq: 5, id: body.id, state: 'put', kind: 'visit', body }
  })
  const past = { [NOBODY]: { visits: [], history: [], rows } }
  await fetchParts(local, packSet(store, 10, groupsOf(store, 2), past))
  await takeErased(local, [gone])
  const left = (await local.parts.past(0))[NOBODY]?.rows
  expect(left?.map((row) => row.id)).toEqual([visits[1]?.id])
  expect(await local.parts.customers(0)).toHaveLength(3)
})

test('whoever left is asked about, because a part holds a copy of them still', async () => {
  const { local, store } = await openTestLocal()
  const groups = groupsOf(store, 2)
  const person = groups[1]?.[1]?.id ?? ''
  await fetchParts(local, packSet(store, 10, groups))
  expect(await strangersHere(local)).toEqual([])
  // The row that says so ends on the server one day; then no feed tells of an erasure.
  const left: FeedRow = { seq: 14, id: person, state: 'leave', kind: 'customer', body: null }
  await applyPage(local, store, page(10, [left]))
  expect(await strangersHere(local)).toEqual([person])
  await takeErased(local, [person])
  const names = (await local.parts.customers(1)).map((row) => row.name)
  expect(names).toEqual(['Person 10', 'Person 12'])
  expect(await strangersHere(local)).toEqual([])
})

test('whom a server that was set back does not know to be erased is there again', async () => {
  const { local, store } = await openTestLocal()
  const groups = groupsOf(store, 2)
  const person = groups[1]?.[1]?.id ?? ''
  // The power was cut before the erasure was done, and the feed began anew meanwhile.
  await local.db.meta.put({ key: 'erasing', value: [person, v7()] })
  await fetchParts(local, packSet(store, 10, groups))
  await finishErasures(local)
  expect((await getCustomer(local, person))?.row.id).toBe(person)
})

test('parts whose past was given up are fetched again once there may be room', async () => {
  const { local, store, clock } = await openTestLocal()
  const set = packSet(store, 10, groupsOf(store, 2))
  await fetchParts(local, set)
  const { sha256: _sent, ...index } = (await local.db.part_index.toArray())[1] ?? {}
  await local.db.part_index.put({ ...index, isCut: true } as never)
  expect(await wantsRepack(local, store)).toBe(false)
  clock.now += 2 * 86_400_000
  expect(await wantsRepack(local, store)).toBe(true)
  expect(await fetchParts(local, set)).toEqual([1])
  expect(await wantsRepack(local, store)).toBe(false)
})
