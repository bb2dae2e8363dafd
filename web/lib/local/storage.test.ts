// What is at stake: unsent work in a browser that has no room, closes or loses the database, or
// holds one that another version of the app made. Runs on an in-memory IndexedDB with a disk of a
// size; that a browser's own files break is shown by the browser tests.
import 'fake-indexeddb/auto'
import { Dexie } from 'dexie'
import { v7 } from 'uuid'
import { expect, test, vi } from 'vitest'
import { type Local, openLocal } from './database.ts'
import { saveDraft } from './drafts.ts'
import { readEviction } from './eviction.ts'
import { getPast } from './past.ts'
import { exportOutbox, getCustomer, outboxItems, todayTally, touchRecent } from './read.ts'
import { TABLES_1 } from './schema.ts'
import { failingOpens, installDisk, limitDisk, lostConnections, usedBytes } from './test-disk.ts'
import { customerRow, downloadParts, openTestLocal, type TestLocal, visitAt } from './test-local.ts'
import { setTrouble } from './trouble.ts'
import { keepVisitor } from './visitors.ts'
import { createCustomer, logVisit, tally } from './write.ts'

installDisk()

/** A store of 40 customers in four parts, each with a past that is larger than a few ops. */
async function fillStore(tablet: TestLocal) {
  const { store, clock } = tablet
  const customers = Array.from({ length: 40 }, (_, index) =>
    customerRow(store, { name: `Customer ${index}` }),
  )
  const past = Object.fromEntries(
    customers.map(({ id }) => {
      const days = Array.from({ length: 30 }, (_, day) => day)
      const visits = days.map((day) => visitAt(store, id, clock.now - (3 + day) * 86_400_000))
      return [id, { visits, history: [] }]
    }),
  )
  await downloadParts(tablet, customers, past, { size: 10 })
  return customers
}

test('without room copies go first, then the past of who was not seen for longest', async () => {
  const tablet = await openTestLocal()
  const { local, actor } = tablet
  const customers = await fillStore(tablet)
  const [first, last] = [customers[0]?.id ?? '', customers.at(-1)?.id ?? '']
  await saveDraft(local, 'clerk form', { name: 'typed' })
  await touchRecent(local, first)
  for (const name of ['Ann', 'Bo', 'Cy', 'Di', 'Ed', 'Flo'])
    await keepVisitor(local, { customer: customerRow(v7(), { name }), history: [] })
  limitDisk(local, usedBytes(local))
  await tally(local, actor, 1)
  expect(await local.db.visiting.count()).toBe(0)
  expect(await local.db.recent.count()).toBe(0)
  expect(await getPast(local, last)).not.toHaveProperty('isCut')

  limitDisk(local, usedBytes(local))
  await logVisit(local, actor, last, 'buy')
  expect(await getCustomer(local, last)).toMatchObject({ row: { name: 'Customer 39' } })
  expect(await getPast(local, last)).toMatchObject({ isCut: true, visits: [{ unsent: true }] })
  expect((await getPast(local, first)).visits).toHaveLength(30)
  expect(await outboxItems(local)).toHaveLength(2)
  expect(await local.db.draft.count()).toBe(1)
})

test('with no room at all nothing is lost, a write says so, and the file still comes', async () => {
  const tablet = await openTestLocal()
  const { local, actor } = tablet
  await fillStore(tablet)
  await tally(local, actor, 3)
  limitDisk(local, 0)
  const full = { code: 'storage', detail: 'full' }
  await expect(createCustomer(local, actor, { name: 'Ann Lee' })).rejects.toMatchObject(full)
  await expect(tally(local, actor, 1)).rejects.toMatchObject(full)
  await setTrouble(local, 'storage', 'full') // It cannot be written; it must not throw.
  const file: unknown = JSON.parse(await exportOutbox(local))
  expect(file).toMatchObject({ items: [{ state: 'waiting', op: { payload: { count: 3 } } }] })
  expect(await todayTally(local)).toBe(3)

  limitDisk(local, null)
  await tally(local, actor, 4)
  expect(await todayTally(local)).toBe(7)
  expect((await outboxItems(local)).map(({ op }) => op.n)).toEqual([1, 2])
})

const TIMES = [1, 2, 3, 4, 5]
test.each(TIMES)('a connection that is gone %i times is opened again', async (times) => {
  const { local, actor } = await openTestLocal()
  await tally(local, actor, 1)
  lostConnections.set(local.name, times)
  await tally(local, actor, 2)
  expect(await todayTally(local)).toBe(3)
  await vi.waitFor(async () => {
    expect(await local.db.meta.get('reopens')).toMatchObject({ value: expect.any(Number) })
  }, 3_000)
})

async function openAgain({ deps, name }: Local): Promise<Local> {
  return openLocal(deps, name)
}

test('a database that fails to open once is opened again with all it holds', async () => {
  const { local, actor } = await openTestLocal()
  await tally(local, actor, 5)
  local.close()
  failingOpens.set(local.name, { times: 4, error: 'UnknownError' })
  const again = await openAgain(local)
  expect(await outboxItems(again)).toHaveLength(1)
  expect(await readEviction(again)).toBeNull()
})

test.each([1, 2, 4])('a connection lost %i times right after it was opened', async (times) => {
  const { local, actor } = await openTestLocal()
  await tally(local, actor, 5)
  local.close()
  lostConnections.set(local.name, times)
  expect(await outboxItems(await openAgain(local))).toHaveLength(1)
})

test('a connection that is lost for good is never taken for damage', async () => {
  const { local, actor } = await openTestLocal()
  await tally(local, actor, 5)
  local.close()
  lostConnections.set(local.name, 500)
  await expect(openAgain(local)).rejects.toMatchObject({ code: 'storage', detail: 'closed' })
  lostConnections.set(local.name, 0)
  expect(await outboxItems(await openAgain(local))).toHaveLength(1)
})

test('a database that cannot be read is begun anew, and says so', async () => {
  const { local, actor } = await openTestLocal()
  await tally(local, actor, 5)
  local.close()
  failingOpens.set(local.name, { times: 12, error: 'UnknownError' })
  const again = await openAgain(local).finally(() => failingOpens.delete(local.name))
  expect(await outboxItems(again)).toEqual([])
  expect(await readEviction(again)).toMatchObject({ cause: 'corrupt', recovered: false })
})

test('a browser that has no room to open it is no reason to delete it', async () => {
  const { local, actor } = await openTestLocal()
  await tally(local, actor, 5)
  local.close()
  failingOpens.set(local.name, { times: 99, error: 'QuotaExceededError' })
  await expect(openAgain(local)).rejects.toThrow()
  failingOpens.delete(local.name)
  expect(await outboxItems(await openAgain(local))).toHaveLength(1)
})

/** The tables of the first version, as a tablet in the field has them. */
function firstVersion(name: string): Dexie {
  const db = new Dexie(name)
  db.version(1).stores(TABLES_1)
  return db
}

test('a database of the first version keeps every op byte for byte', async () => {
  const { local, actor, store } = await openTestLocal()
  for (const count of [1, 2, 3, 4]) await tally(local, actor, count)
  const states = ['waiting', 'sent', 'acked', 'refused'] as const
  for (const [index, state] of states.entries()) await local.db.op.update(index + 1, { state })
  const ops = await local.db.op.toArray()
  const [meta, rows] = [await local.db.meta.toArray(), await local.db.row.toArray()]
  local.close()

  const name = `old-${v7()}`
  const old = firstVersion(name)
  await old.table('op').bulkPut(ops)
  await old.table('meta').bulkPut(meta)
  const about = ops[3]?.op.op_id ?? ''
  const body = { id: v7(), subject: 'op', subject_id: about, verdict: 'dismiss', at: 1, by: v7() }
  const kept = { feed: store, id: body.id, kind: 'decision', seq: 9, state: 'put', body, gen: 0 }
  const later = { ...kept, id: v7(), kind: 'task', body: { customer_id: v7(), due: 3 } }
  await old.table('row').bulkPut([...rows, kept, later])
  const before = JSON.stringify(await old.table('op').toArray())
  old.close()

  const opened = await openLocal(local.deps, name)
  expect(JSON.stringify(await opened.db.op.toArray())).toBe(before)
  expect((await outboxItems(opened)).map((item) => item.state)).toEqual([
    'waiting',
    'sent',
    'refused',
  ])
  // A row of a kind that the first version did not know has its place in the second.
  expect(await opened.db.row.where('about').equals(about).toArray()).toMatchObject([kept])
  expect(await opened.db.row.get([store, later.id])).toEqual(later)
  await tally(opened, actor, 5)
  expect((await opened.db.op.orderBy('n').last())?.op.prev).toBe(ops[3]?.op.op_id)
})

test('a database of a later version is read, written to and never deleted', async () => {
  const { local, actor } = await openTestLocal()
  await tally(local, actor, 1)
  local.close()
  const later = new Dexie(local.name)
  later.version(1).stores(TABLES_1)
  later.version(7).stores({ row: `${TABLES_1.row}, about, due`, task: 'id' })
  await later.open()
  await later.table('task').put({ id: 'x' })
  later.close()
  const opened = await openAgain(local)
  expect(opened.isNewer).toBe(true)
  expect(await outboxItems(opened)).toHaveLength(1)
  await tally(opened, actor, 2)
  expect(await todayTally(opened)).toBe(3)
  opened.close()
  await later.open()
  expect(await later.table('task').count()).toBe(1)
  later.close()
})
