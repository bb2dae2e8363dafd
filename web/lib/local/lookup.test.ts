// What is at stake: the customer in front of the clerk is not found. Svelte's reactivity is not
// shown here (it needs a page), nor how fast a slow tablet is; the browser bench measures that.
import 'fake-indexeddb/auto'
import { expect, test } from 'vitest'
import type { FeedRow } from '#model/protocol.ts'
import { applyPage } from './apply-page.ts'
import { readLastVisits } from './last-visits.ts'
import { Lookup } from './lookup.ts'
import { customerRow, downloadParts, MORNING, openTestLocal, page, visitAt } from './test-local.ts'
import { getCustomer } from './read.ts'
import { keepVisitor } from './visitors.ts'
import { createCustomer, logVisit, setCustomer, voidVisit } from './write.ts'

const DAY_MS = 86_400_000

async function withCustomers() {
  const tablet = await openTestLocal()
  const { local, store } = tablet
  const zhang = customerRow(store, { phone: '+8613812345678', card: 'VIP007' })
  const li = customerRow(store, {
    name: '李娜',
    pinyin: 'lina',
    initials: 'ln',
    phone: '+8613900005678',
  })
  const smith = customerRow(store, { name: 'John Smith', pinyin: '', initials: 'js' })
  const seen = visitAt(store, li.id, MORNING - 5 * DAY_MS)
  await downloadParts(tablet, [zhang, li, smith], { [li.id]: { visits: [seen], history: [] } })
  await readLastVisits(local, store, () => true)
  const lookup = new Lookup(local)
  await lookup.load()
  return { ...tablet, lookup, zhang, li, smith }
}

const idsOf = (entries: { id: string }[]) => entries.map((entry) => entry.id)

/** Changes reach the index by events; they have been taken when the queue is empty. */
const taken = () => new Promise((resolve) => setTimeout(resolve, 60))

test('last digits, names, pinyin, initials and cards find their customers', async () => {
  const { lookup, zhang, li, smith } = await withCustomers()
  expect(lookup.ready).toBe(true)
  expect(lookup.size).toBe(3)
  expect(idsOf(lookup.search('45678'))).toEqual([zhang.id])
  expect(idsOf(lookup.search('张'))).toEqual([zhang.id])
  expect(idsOf(lookup.search('zhangw'))).toEqual([zhang.id])
  expect(idsOf(lookup.search('ln'))).toEqual([li.id])
  expect(idsOf(lookup.search('vip007'))).toEqual([zhang.id])
  expect(idsOf(lookup.search('smith'))).toEqual([smith.id])
  expect(lookup.search('5')).toEqual([])
})

test('among equals the one seen last comes first', async () => {
  const { lookup, zhang, li, local, actor } = await withCustomers()
  expect(idsOf(lookup.search('5678'))).toEqual([li.id, zhang.id])
  const visit = await logVisit(local, actor, zhang.id, 'buy')
  await taken()
  expect(idsOf(lookup.search('5678'))).toEqual([zhang.id, li.id])
  await voidVisit(local, actor, visit)
  await taken()
  expect(idsOf(lookup.search('5678'))).toEqual([li.id, zhang.id])
})

test('what is written here or pulled is found at once, under its new name only', async () => {
  const { lookup, local, actor, store, smith } = await withCustomers()
  const created = await createCustomer(local, actor, { name: '单小红', phone: '13700001111' })
  await setCustomer(local, actor, smith.id, { name: 'Jon Schmidt' })
  const pulled = customerRow(store, { name: 'Mei Lin', initials: 'ml', pinyin: '' })
  const row: FeedRow = { seq: 11, id: pulled.id, state: 'put', kind: 'customer', body: pulled }
  expect(await applyPage(local, store, page(10, [row]))).toBe('applied')
  await taken()
  expect(idsOf(lookup.search('sxh'))).toEqual([created])
  expect(idsOf(lookup.search('1111'))).toEqual([created])
  expect(lookup.search('smith')).toEqual([])
  expect(idsOf(lookup.search('schmidt'))).toEqual([smith.id])
  expect(idsOf(lookup.search('mei'))).toEqual([pulled.id])
})

test('who left for another store is found no more', async () => {
  const { lookup, local, store, li } = await withCustomers()
  const row: FeedRow = { seq: 11, id: li.id, state: 'leave', kind: 'customer', body: null }
  await applyPage(local, store, page(10, [row]))
  await taken()
  expect(lookup.search('李')).toEqual([])
  expect(lookup.size).toBe(2)
  const again = new Lookup(local)
  await again.load()
  expect(again.size).toBe(2)
})

test('a visitor who comes with the store’s own parts is shown once, as the parts say', async () => {
  const tablet = await openTestLocal()
  const { local, store } = tablet
  const old = customerRow(store, { name: 'Old Name' })
  await keepVisitor(local, { customer: old, history: [] })
  const lookup = new Lookup(local)
  await lookup.load()
  expect(idsOf(lookup.search('old'))).toEqual([old.id])
  await downloadParts(tablet, [{ ...old, name: 'New Name' }])
  await lookup.load()
  expect(await getCustomer(local, old.id)).toMatchObject({ row: { name: 'New Name' } })
  expect([lookup.size, lookup.search('old').length]).toEqual([1, 0])
  expect(await local.db.visiting.count()).toBe(0)
})

test('a duplicate is told while typing: the same phone first, then the same name', async () => {
  const { lookup, zhang, li } = await withCustomers()
  const found = lookup.duplicates({ name: '李 娜', phone: '138-1234-5678' }, 'CN')
  expect(idsOf(found)).toEqual([zhang.id, li.id])
  expect(lookup.duplicates({ phone: '1381234' }, 'CN')).toEqual([])
  expect(lookup.duplicates({ name: '李' }, 'CN')).toEqual([])
})

test('of many who answer, the best 50 are given, best first', async () => {
  const tablet = await openTestLocal()
  const { store, local } = tablet
  const customers = Array.from({ length: 6_000 }, (_, index) => {
    const digits = String((index * 7919) % 1e8).padStart(8, '0')
    return customerRow(store, { name: '张伟', phone: `+86138${digits}` })
  })
  const exact = customerRow(store, { name: 'Card', card: '77' })
  await downloadParts(tablet, [...customers, exact])
  const lookup = new Lookup(local)
  await lookup.load()
  const [first, ...others] = lookup.search('77')
  expect(first?.id).toBe(exact.id)
  expect(others).toHaveLength(49)
  expect(others.every((entry) => entry.phone?.endsWith('77'))).toBe(true)
})
