// What is at stake: a first download that was cut must never be taken for a store without
// customers (the digest in the manifest catches what the bytes themselves cannot tell), and what
// was packed must come back as it was: a visit that changed hands on its way would be a wrong past.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { packTable, sliceTable, unpackTable } from './columns.ts'
import type { CustomerRow } from './customer.ts'
import {
  formatFor,
  joinPart,
  NOBODY,
  packCustomers,
  packPast,
  type PartPast,
  pastOf,
  pastOfNobody,
  splitPart,
  unpackCustomers,
  unpackPast,
} from './part.ts'
import type { Visit } from './visit.ts'

const segment = fc.uint8Array({ maxLength: 300 })

test('a part that is joined splits into its two segments', () => {
  fc.assert(
    fc.property(segment, segment, (customers, past) => {
      expect(splitPart(joinPart(customers, past))).toEqual({ customers, past })
    }),
  )
})

test('a part splits alike from the middle of a larger buffer, as a download gives it', () => {
  fc.assert(
    fc.property(segment, segment, fc.nat(9), (customers, past, before) => {
      const part = joinPart(customers, past)
      const buffer = new Uint8Array(before + part.length + 3).fill(7)
      buffer.set(part, before)
      const view = buffer.subarray(before, before + part.length)
      expect(splitPart(view)).toEqual({ customers, past })
    }),
  )
})

test('a part that was cut within its length or its customers is a RangeError', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 99 }), segment, (customers, past) => {
      const part = joinPart(customers, past)
      for (let length = 0; length < 4 + customers.length; length += 1)
        expect(() => splitPart(part.subarray(0, length))).toThrow(RangeError)
    }),
    { numRuns: 30 },
  )
})

test('a part that claims more than four gigabytes of customers is a RangeError', () => {
  expect(() => splitPart(new Uint8Array([255, 255, 255, 255, 1, 2]))).toThrow(RangeError)
})

test('the segments are copies: nothing holds on to the whole download', () => {
  const part = joinPart(new Uint8Array([1, 2]), new Uint8Array([3]))
  const { customers, past } = splitPart(part)
  part.fill(0)
  expect([...customers, ...past]).toEqual([1, 2, 3])
  expect(customers.buffer.byteLength).toBe(2)
})

/** As it travels and lies on a disk. */
function travelled<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T
}

const uuid = fc.uuid()
const scalar = fc.oneof(fc.constantFrom('a', 'b', null, true, 0, '0'), fc.integer(), fc.string())
const times = { id: uuid, dot: uuid, at: fc.integer(), day: fc.integer(), first_at: fc.integer() }
const record = fc.record(
  {
    ...times,
    created_at: fc.oneof(fc.maxSafeInteger(), fc.double({ noNaN: true, noDefaultInfinity: true })),
    name: scalar,
    attributes: fc.oneof(fc.constant(null), fc.dictionary(fc.string(), scalar)),
    taggings: fc.array(fc.record({ tag_id: uuid, dot: uuid, at: fc.maxSafeInteger() })),
    mixed: fc.jsonValue(),
  },
  { requiredKeys: [] },
)

test('records come back from columns as they were, whatever members each of them has', () => {
  fc.assert(
    fc.property(fc.array(record, { maxLength: 12 }), (records) => {
      const plain = travelled(records)
      expect(unpackTable(travelled(packTable(plain)))).toEqual(plain)
    }),
    { numRuns: 500 },
  )
})

test('a slice of the columns is a slice of the records', () => {
  fc.assert(
    fc.property(fc.array(record, { maxLength: 12 }), fc.nat(12), fc.nat(12), (records, a, b) => {
      const plain = travelled(records)
      const [from, to] = [a, b].map((end) => Math.min(end, plain.length)).sort((x, y) => x - y)
      const slice = sliceTable(travelled(packTable(plain)), from ?? 0, to ?? 0)
      expect(unpackTable(slice)).toEqual(plain.slice(from, to))
    }),
    { numRuns: 500 },
  )
})

test('no two records share an object: whoever changes one changes one', () => {
  const rows = Array.from({ length: 4 }, () => ({ taggings: [] as object[], attributes: {} }))
  const unpacked = unpackTable<(typeof rows)[number]>(travelled(packTable(rows)))
  unpacked[0]?.taggings.push({ tag_id: 'a' })
  Object.assign(unpacked[0]!.attributes, { a: '1' })
  expect(unpacked.slice(1)).toEqual(rows.slice(1))
})

const visitOf = (customer_id: string | null) =>
  fc.record({ id: uuid, customer_id: fc.constant(customer_id), at: fc.nat(), day: fc.nat() })
const dayOf = (customer_id: string) =>
  fc.record({ customer_id: fc.constant(customer_id), day: fc.nat(), first_at: fc.nat() })

/** Some of the ids have a past; there may be one of nobody. */
const idsAndPast = fc.uniqueArray(uuid, { maxLength: 6 }).chain((ids) => {
  const ofOne = (id: string) =>
    fc.record({ visits: fc.array(visitOf(id)), history: fc.array(dayOf(id)) })
  const people = fc.record(Object.fromEntries(ids.map((id) => [id, fc.option(ofOne(id))])))
  const nobody = fc.option(fc.record({ visits: fc.array(visitOf(null)), history: fc.constant([]) }))
  return fc.record({ ids: fc.constant(ids), people, nobody })
})

test('each person has their own past in either format, and nobody has nobody’s', () => {
  fc.assert(
    fc.property(idsAndPast, ({ ids, people, nobody }) => {
      const known = Object.entries(people).filter(
        ([, of]) => of && of.visits.length + of.history.length > 0,
      )
      const past = Object.fromEntries([
        ...known,
        ...(nobody ? [[NOBODY, nobody] as const] : []),
      ]) as unknown as PartPast
      for (const format of ['rows', 'columns'] as const) {
        const segment = travelled(packPast(past, ids, format))
        expect(unpackPast(segment, ids)).toEqual(past)
        expect(pastOfNobody(segment)).toEqual(nobody ?? undefined)
        for (const [index, id] of ids.entries())
          expect(pastOf(segment, id, index)).toEqual(past[id] ?? { visits: [], history: [] })
      }
    }),
  )
})

test('customers come back in their order in either format; schema 1 reads rows alone', () => {
  const rows = [{ id: 'b' }, { id: 'a' }] as CustomerRow[]
  for (const format of ['rows', 'columns'] as const)
    expect(unpackCustomers(travelled(packCustomers(rows, format)))).toEqual(rows)
  expect(packCustomers(rows, formatFor(1))).toEqual(rows)
  expect([formatFor(1), formatFor(2), formatFor(3)]).toEqual(['rows', 'columns', 'columns'])
})

test('visits in columns say neither whose they are nor their time twice', () => {
  const person = '0196f023-9c7f-7cf3-9498-7876b6c6d57e'
  const at = 0x19c3bca9080
  const ids = ['019c3bca-9080-7430-b8a7-e89310e88f20', '019c3bca-9080-7430-b8a7-e89310e88f21']
  const visits = ids.map((id) => ({ id, customer_id: person, at, day: 20_492 }) as Visit)
  const text = JSON.stringify(packPast({ [person]: { visits, history: [] } }, [person]))
  expect(text).not.toContain(person)
  expect(text).not.toContain(String(at))
  expect(text).toContain(ids.join('').replaceAll('-', ''))
})
