import { expect, test } from 'vitest'
import { idsOf } from './ids.ts'
import { KeySet } from './key-set.ts'
import { Lookalikes } from './lookalikes.ts'
import { Spool } from './spool.ts'

test('a key is new once, however many others there are', () => {
  const keys = new KeySet()
  const texts = Array.from({ length: 20_000 }, (_, index) => `row ${index}`)
  expect(texts.every((text) => keys.add(text))).toBe(true)
  expect(texts.some((text) => keys.add(text))).toBe(false)
  expect(keys.size).toBe(20_000)
})

test('records come back together by their key, each once', () => {
  const spool = new Spool<{ key: string; n: number }>()
  try {
    const records = Array.from({ length: 5000 }, (_, n) => ({ key: `customer ${n % 700}`, n }))
    for (const record of records) spool.add(record.key, record)
    const buckets = [...spool.buckets()]
    expect(buckets.flat().sort((a, b) => a.n - b.n)).toEqual(records)
    for (const key of ['customer 0', 'customer 699'])
      expect(buckets.filter((bucket) => bucket.some((one) => one.key === key))).toHaveLength(1)
  } finally {
    spool.close()
  }
})

test('ids follow from source, kind and external id, and from nothing else', () => {
  const [ours, again, other] = [idsOf('till'), idsOf('till'), idsOf('shop')]
  expect(ours.record('customer', '1')).toBe(again.record('customer', '1'))
  const different = [
    ours.record('customer', '1'),
    ours.record('visit', '1'),
    ours.record('customer', '2'),
    other.record('customer', '1'),
    ours.op('customer', 'create', '1'),
  ]
  expect(new Set(different).size).toBe(different.length)
})

test('the strongest resemblance is named', () => {
  const people = new Lookalikes()
  expect(people.find({ name: 'Ann Bee', phone: '+15550001', alike: ['x'] }, 2)).toBeNull()
  expect(people.find({ name: 'ann  bee', phone: '+15550001', alike: [] }, 3)).toEqual({
    reason: 'same-name-and-phone',
    row: 2,
  })
  expect(people.find({ name: 'Bob', phone: '+15550001', alike: [] }, 4)?.reason).toBe('same-phone')
  expect(people.find({ name: 'Ann Bee', phone: null, alike: ['x'] }, 5)?.reason).toBe('alike')
  expect(people.find({ name: 'Ann Bee', phone: null, alike: ['y'] }, 6)).toBeNull()
})
