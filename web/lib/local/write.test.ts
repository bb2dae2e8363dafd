// What is at stake: a tap that is half saved, or an op that the server will refuse. Runs on an
// in-memory IndexedDB; that a power cut keeps the transaction is the browser's promise.
import 'fake-indexeddb/auto'
import { expect, test } from 'vitest'
import { firstHash, hashOp } from '#model/op.ts'
import { getDevice } from './device.ts'
import { getPast } from './past.ts'
import { exportOutbox, getCustomer, outboxItems, recents, todayTally, touchRecent } from './read.ts'
import { customerRow, downloadParts, MORNING, openTestLocal, visitAt } from './test-local.ts'
import {
  addTag,
  createCustomer,
  editVisit,
  logVisit,
  removeTag,
  setConsent,
  setCustomer,
  tally,
  voidVisit,
} from './write.ts'

test('every op continues the device’s chain, and its view is there with it', async () => {
  const { local, actor, tag } = await openTestLocal()
  const customer = await createCustomer(local, actor, {
    name: ' 欧阳娜娜 ',
    phone: '１３８ 1234 5678',
    consents: [{ purpose: 'marketing', channel: 'sms', state: 'granted', proof: 'said so' }],
    tag_ids: [tag],
  })
  const ops = (await local.db.op.orderBy('n').toArray()).map((row) => row.op)
  expect(ops.map((op) => [op.n, op.kind, op.type])).toEqual([
    [1, 'customer', 'create'],
    [2, 'consent', 'set'],
    [3, 'tagging', 'tag+'],
  ])
  expect(new Set(ops.map((op) => op.tx)).size).toBe(1)
  let hash = firstHash((await getDevice(local))?.device_id ?? '')
  for (const [index, op] of ops.entries()) {
    expect(op.prev).toBe(ops[index - 1]?.op_id ?? null)
    expect(op.hash).toBe(hashOp(op, hash, local.deps.sha256))
    hash = op.hash
  }
  expect(await getCustomer(local, customer)).toMatchObject({
    unsent: true,
    linked: false,
    row: {
      name: '欧阳娜娜',
      phone: '+8613812345678',
      pinyin: 'ouyangnana',
      initials: 'oynn',
      consents: [{ state: 'granted' }],
      taggings: [{ tag_id: tag, source: 'staff', by: actor.actor_id }],
    },
  })
})

test('a write that fails in its middle leaves nothing behind', async () => {
  const { local, actor } = await openTestLocal()
  const customer = await createCustomer(local, actor, { name: 'Ann' })
  const head = (await getDevice(local))?.head
  const broken = { ...local, deps: { ...local.deps, sha256: local.deps.sha256 } }
  let calls = 0
  broken.deps.uuid = () => {
    calls += 1
    if (calls === 3) throw new Error('power')
    return local.deps.uuid()
  }
  const tags = [local.deps.uuid(), local.deps.uuid(), local.deps.uuid()]
  await expect(createCustomer(broken, actor, { name: 'Bo', tag_ids: tags })).rejects.toThrow(
    'power',
  )
  expect(await local.db.op.count()).toBe(1)
  expect(await local.db.view.toCollection().primaryKeys()).toEqual([customer])
  expect((await getDevice(local))?.head).toEqual(head)
})

test.each([
  [{ name: '' }, 'name'],
  [{ name: 'A'.repeat(81) }, 'name'],
  [{ name: 'a\u202eb' }, 'name'],
  [{ name: 'Ann', phone: '12' }, 'phone'],
  [{ name: 'Ann', email: 'nobody' }, 'email'],
  [{ name: 'Ann', birthday: '02-30x' }, 'birthday'],
])('%o is refused before it becomes an op', async (fields, field) => {
  const { local, actor } = await openTestLocal()
  const attempt = createCustomer(local, actor, fields)
  await expect(attempt).rejects.toMatchObject({
    code: 'invalid',
    detail: expect.stringContaining(field) as unknown,
  })
  expect(await local.db.op.count()).toBe(0)
})

test('a cleared field is null, an untouched one stays', async () => {
  const { local, actor } = await openTestLocal()
  const customer = await createCustomer(local, actor, { name: 'Ann', card: 'A1', email: 'a@b.c' })
  await setCustomer(local, actor, customer, { card: '  ' })
  const row = (await getCustomer(local, customer))?.row
  expect(row).toMatchObject({ card: null, email: 'a@b.c', name: 'Ann', initials: 'a' })
})

test('undo is a new op: tags and visits come back as they were', async () => {
  const { local, actor, tag } = await openTestLocal()
  const customer = await createCustomer(local, actor, { name: 'Ann' })
  await addTag(local, actor, customer, tag)
  await addTag(local, actor, customer, tag)
  await removeTag(local, actor, customer, tag)
  await removeTag(local, actor, customer, tag)
  const visit = await logVisit(local, actor, customer, 'buy')
  await voidVisit(local, actor, visit)
  expect((await getCustomer(local, customer))?.row.taggings).toEqual([])
  expect((await getPast(local, customer)).visits).toEqual([])
  expect((await outboxItems(local)).map(({ op }) => op.type)).toEqual([
    'create',
    'tag+',
    'tag-',
    'visit',
    'void',
  ])
})

test('a refusal of marketing stands against a later bare grant', async () => {
  const { local, actor } = await openTestLocal()
  const customer = await createCustomer(local, actor, { name: 'Ann' })
  const word = { purpose: 'marketing', channel: 'any' } as const
  await setConsent(local, actor, customer, { ...word, state: 'refused' })
  await setConsent(local, actor, customer, { ...word, state: 'granted' })
  expect((await getCustomer(local, customer))?.row.consents).toMatchObject([{ state: 'refused' }])
})

test('details of a visit are added later, each by itself', async () => {
  const { local, actor } = await openTestLocal()
  const customer = await createCustomer(local, actor, { name: 'Ann' })
  const visit = await logVisit(local, actor, customer, 'buy')
  await editVisit(local, actor, visit, { spend_minor: 9900, items: 2 })
  await editVisit(local, actor, visit, { note: ' for her mother ', spend_minor: null })
  const { visits, history } = await getPast(local, customer)
  const details = { spend_minor: null, items: 2, note: 'for her mother', unsent: true }
  expect(visits).toMatchObject([details])
  expect(visits[0]).not.toHaveProperty('stamps')
  expect(history).toMatchObject([{ visits: 1, sales: 0, first_at: MORNING }])
})

test('a business day before the cut-off belongs to the day before', async () => {
  const { local, actor, clock } = await openTestLocal()
  const day = Math.floor((MORNING + 4 * 3_600_000) / 86_400_000)
  clock.now = Date.UTC(2026, 10, 2, 19, 30) // 03:30 of the next day in Shanghai.
  await tally(local, actor, 2)
  expect(await todayTally(local)).toBe(2)
  expect(await local.db.view.toArray()).toMatchObject([{ kind: 'visit', day }])
  clock.now += 3_600_000
  expect(await todayTally(local)).toBe(0)
})

test('a customer in a part is found, edited and remembered without a row of their own', async () => {
  const tablet = await openTestLocal()
  const { local, actor, store } = tablet
  const customers = Array.from({ length: 400 }, (_, i) => customerRow(store, { name: `C ${i}` }))
  const chosen = customers[377]
  if (!chosen) throw new Error('there are 400')
  const visit = visitAt(store, chosen.id, MORNING - 86_400_000)
  await downloadParts(tablet, customers, { [chosen.id]: { visits: [visit], history: [] } })
  expect((await getCustomer(local, chosen.id))?.row).toEqual(chosen)
  await setCustomer(local, actor, chosen.id, { card: 'K7' })
  await touchRecent(local, chosen.id)
  expect((await getCustomer(local, chosen.id))?.row).toEqual({ ...chosen, card: 'K7' })
  expect(await recents(local)).toMatchObject([{ id: chosen.id, card: 'K7', last_at: visit.at }])
  expect((await local.db.op.get(1))?.op.base_seq).toBe(10)
})

test('what is only here can be carried out as a file', async () => {
  const { local, actor, store } = await openTestLocal()
  await tally(local, actor, 4)
  const file = JSON.parse(await exportOutbox(local)) as Record<string, unknown>
  expect(file).toMatchObject({ format: 'regulars-outbox-1', store_id: store })
  expect(file).toMatchObject({ items: [{ state: 'waiting', op: { payload: { count: 4 } } }] })
})

test('writing about nobody is an error, and nothing is written', async () => {
  const { local, actor, tag } = await openTestLocal()
  const nobody = local.deps.uuid()
  await expect(logVisit(local, actor, nobody, 'buy')).rejects.toMatchObject({
    code: 'unknown-customer',
  })
  await expect(addTag(local, actor, nobody, tag)).rejects.toMatchObject({
    code: 'unknown-customer',
  })
  await expect(voidVisit(local, actor, nobody)).rejects.toMatchObject({ code: 'unknown-visit' })
  expect(await local.db.op.count()).toBe(0)
})
