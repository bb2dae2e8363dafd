// The first download: what the parts and the pull after them say together must be the feed. A row
// that is in neither would be missing on every new tablet, with nothing to show for it.
import { createHash } from 'node:crypto'
import { gunzipSync } from 'node:zlib'
import { expect } from 'vitest'
import {
  type CustomersSegment,
  NOBODY,
  type PastSegment,
  splitPart,
  unpackCustomers,
  unpackPast,
} from '#model/part.ts'
import { compact } from './compact.ts'
import { decide } from './decide.ts'
import { Feeds, writeFeeds } from './feeds.ts'
import { manifest, part } from './snapshot.ts'
import { writeDrafts } from './write.ts'
import type { Draft } from '#model/op.ts'
import { enrolTablet, id, makeChain, MONDAY_10AM, onBothEngines, openEmpty } from './test-ledger.ts'

const DAY = 86_400_000

function unpack(bytes: Uint8Array) {
  const { customers, past } = splitPart(bytes)
  const read = (segment: Uint8Array): unknown => JSON.parse(gunzipSync(segment).toString())
  const rows = unpackCustomers(read(customers) as CustomersSegment)
  const ids = rows.map((row) => row.id)
  return { customers: rows, past: unpackPast(read(past) as PastSegment, ids) }
}

onBothEngines('parts hold a feed, latest customers first, and today’s tallies', async (engine) => {
  const chain = await makeChain(await openEmpty(engine))
  const { ledger } = chain
  const store = chain.stores[0]
  const tablet = await enrolTablet(chain, 0)
  const customers = Array.from({ length: 160 }, id)
  await tablet.push(customers.map((one) => tablet.customer(one)))
  await tablet.push([
    tablet.visit(customers[7] ?? '', store, MONDAY_10AM - 3 * DAY),
    tablet.visit(customers[9] ?? '', store, MONDAY_10AM - DAY),
    tablet.visit(null, null, MONDAY_10AM - 9 * DAY),
    tablet.visit(null, null, MONDAY_10AM, { count: 4 }),
  ])
  const { seq, parts } = await manifest(ledger, store)
  expect(parts.map((one) => one.customers)).toEqual([150, 10])
  const [first, second] = [await part(ledger, store, seq, 0), await part(ledger, store, seq, 1)]
  expect(createHash('sha256').update(first!).digest('hex')).toBe(parts[0]?.sha256)
  const [head, tail] = [unpack(first!), unpack(second!)]
  expect(head.customers.slice(0, 2).map((row) => row.id)).toEqual([customers[9], customers[7]])
  const ids = [...head.customers, ...tail.customers].map((row) => row.id)
  expect(ids.sort()).toEqual(customers.sort())
  expect(head.past[NOBODY]?.visits.map((visit) => visit.count)).toEqual([4])
  expect(Object.keys(tail.past)).toEqual([])
  expect(await part(ledger, chain.stores[1], seq, 0)).toBeNull()
  await ledger.close()
})

onBothEngines(
  'a device of the first schema gets lists, and others the same as columns',
  async (engine) => {
    const chain = await makeChain(await openEmpty(engine))
    const { ledger } = chain
    const store = chain.stores[0]
    const tablet = await enrolTablet(chain, 0)
    const customers = [id(), id()]
    await tablet.push(customers.map((one) => tablet.customer(one)))
    await tablet.push([tablet.visit(customers[0] ?? '', store), tablet.visit(null, null)])
    const sets = {
      rows: await manifest(ledger, store, 'rows'),
      columns: await manifest(ledger, store),
    }
    const bytes = {
      rows: await part(ledger, store, sets.rows.seq, 0, 'rows'),
      columns: await part(ledger, store, sets.columns.seq, 0),
    }
    const plain = (segment: Uint8Array): unknown => JSON.parse(gunzipSync(segment).toString())
    const read = unpack(bytes.columns!)
    const { customers: head, past } = splitPart(bytes.rows!)
    expect(plain(head)).toEqual(read.customers)
    expect(plain(past)).toEqual(read.past)
    expect(plain(splitPart(bytes.columns!).customers)).not.toBeInstanceOf(Array)
    for (const format of ['rows', 'columns'] as const) {
      const sha256 = createHash('sha256').update(bytes[format]!).digest('hex')
      expect(sets[format].parts).toMatchObject([{ no: 0, customers: 2, rows: 4, sha256 }])
    }
    await ledger.close()
  },
)

onBothEngines('parts are kept until a tenth of the feed has moved on', async (engine) => {
  const chain = await makeChain(await openEmpty(engine))
  const { ledger } = chain
  const store = chain.stores[0]
  const tablet = await enrolTablet(chain, 0)
  const push = (count: number) =>
    tablet.push(Array.from({ length: count }, () => tablet.customer(id())))
  expect(await manifest(ledger, store)).toMatchObject({ seq: 0, parts: [] })
  await push(100)
  const packed = await manifest(ledger, store)
  await push(5)
  expect((await manifest(ledger, store)).seq).toBe(packed.seq)
  await push(20)
  const again = await manifest(ledger, store)
  expect(again.seq).toBe(125)
  expect(await part(ledger, store, packed.seq, 0)).not.toBeNull() // Somebody may be in the middle.
  await ledger.close()
})

onBothEngines('what belongs to no customer travels with the first part', async (engine) => {
  const chain = await makeChain(await openEmpty(engine))
  const { ledger, admin } = chain
  const store = chain.stores[0]
  const tablet = await enrolTablet(chain, 0)
  const refused = tablet.visit(id(), store)
  await tablet.push([tablet.customer(id()), tablet.customer(id()), refused])
  const made = { subject: 'op', subject_id: refused.op_id, verdict: 'dismiss' } as const
  await decide(ledger, admin, { ...made, reason: 'x', store_id: store }, MONDAY_10AM)
  const { seq, parts } = await manifest(ledger, store)
  const { past } = unpack((await part(ledger, store, seq, 0))!)
  expect(past[NOBODY]?.rows?.map((row) => [row.kind, row.seq])).toEqual([['decision', 3]])
  expect(parts[0]?.rows).toBe(3)
  await ledger.close()
})

onBothEngines('visits of a customer who moved away are on a new tablet, too', async (engine) => {
  const chain = await makeChain(await openEmpty(engine))
  const { ledger, admin } = chain
  const [store, other] = chain.stores
  const tablet = await enrolTablet(chain, 0)
  const [moved, stays] = [id(), id()]
  const customers = [tablet.customer(moved), tablet.customer(stays)]
  const visit = tablet.visit(moved, store)
  await tablet.push([...customers, visit])
  const payload = { home_store_id: store, to_store_id: other }
  const transfer = { store_id: store, kind: 'transfer', record_id: moved, type: 'set', payload }
  await writeDrafts(ledger, admin, [transfer as Draft], MONDAY_10AM)
  const { seq, parts } = await manifest(ledger, store)
  const first = unpack((await part(ledger, store, seq, 0))!)
  expect(first.customers.map((row) => row.id)).toEqual([stays])
  expect(first.past[NOBODY]?.rows?.map((row) => [row.id, row.kind])).toEqual([
    [visit.record_id, 'visit'],
  ])
  expect(parts[0]?.rows).toBe(2)
  await ledger.close()
})

onBothEngines(
  'devices that ask at once get one set, and no set is below the floor',
  async (engine) => {
    const chain = await makeChain(await openEmpty(engine))
    const { ledger } = chain
    const store = chain.stores[0]
    const tablet = await enrolTablet(chain, 0)
    await tablet.push(Array.from({ length: 40 }, () => tablet.customer(id())))
    const [one, two] = await Promise.all([manifest(ledger, store), manifest(ledger, store)])
    expect(two).toBe(one)
    const feeds = new Feeds()
    feeds.end(store, id(), 'visit', 'gone')
    await ledger.tx((db) => writeFeeds(ledger, db, feeds, MONDAY_10AM))
    expect((await manifest(ledger, store)).seq).toBe(one.seq)
    await compact(ledger, MONDAY_10AM + 61 * DAY)
    expect((await manifest(ledger, store)).seq).toBe(one.seq + 1)
    await ledger.close()
  },
)
