// What is at stake: two tablets edit one customer while apart. Whatever order the edits arrive in,
// fields go to their later writer and no tag is lost. It cannot show that ops arrive at all.
import fc from 'fast-check'
import * as v from 'valibot'
import { expect, test } from 'vitest'
import {
  createCustomer,
  type Customer,
  CUSTOMER_FIELDS,
  CustomerCreate,
  CustomerSet,
  customerOfRow,
  linkedCopy,
  putTag,
  rowOfCustomer,
  setConsent,
  setCustomer,
  takeTag,
} from './customer.ts'
import type { Stamp } from './op.ts'

const HOME = '00000000-0000-7000-8000-000000000001'
const SKIN = '00000000-0000-7000-8000-00000000000a'
const CARE = '00000000-0000-7000-8000-00000000000b'

function zhang(): Customer {
  return createCustomer('c', { name: '张伟', home_store_id: HOME }, [0, 'op-0'], 'staff')
}

const edit = fc.record({
  at: fc.integer({ min: 1, max: 3 }),
  payload: fc.record(
    {
      name: fc.constantFrom('张伟', '张玮'),
      phone: fc.constantFrom('+8613812345678', null),
      tier: fc.constantFrom('gold', null),
      note: fc.constantFrom('likes tea', ''),
      attributes: fc.constantFrom({ size: 'M' }, null),
    },
    { requiredKeys: [] },
  ),
})

type Edit = { stamp: Stamp; payload: v.InferOutput<typeof CustomerSet> }

const edits: fc.Arbitrary<Edit[]> = fc.array(edit, { maxLength: 6 }).map((all) =>
  all.map(({ at, payload }, index) => ({
    stamp: [at, `op-${index}`],
    payload: { ...payload, home_store_id: HOME },
  })),
)

function edited(all: readonly Edit[]): Customer {
  return all.reduce((one, { payload, stamp }) => setCustomer(one, payload, stamp), zhang())
}

test('edits end at the same customer in whatever order they arrive', () => {
  const shuffled = edits.chain((all) =>
    fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })),
  )
  fc.assert(
    fc.property(shuffled, ([all, other]) => {
      expect(edited(other)).toEqual(edited(all))
      expect(edited([...all, ...all])).toEqual(edited(all))
    }),
    { numRuns: 300 },
  )
})

test('each field holds what its latest writer wrote, the op id deciding between equals', () => {
  fc.assert(
    fc.property(edits, (all) => {
      const found = edited(all)
      for (const field of ['name', 'phone', 'tier', 'note', 'attributes'] as const) {
        const writers = all.filter(({ payload }) => payload[field] !== undefined)
        const last = writers.sort(
          (a, b) => a.stamp[0] - b.stamp[0] || (a.stamp[1] < b.stamp[1] ? -1 : 1),
        )
        expect(found[field]).toEqual(last.at(-1)?.payload[field] ?? zhang()[field])
      }
    }),
    { numRuns: 300 },
  )
})

test('clearing is a value: an older number does not come back', () => {
  const cleared = setCustomer(zhang(), { phone: null, home_store_id: HOME }, [5, 'op-5'])
  const late = setCustomer(cleared, { phone: '+8613812345678', home_store_id: HOME }, [4, 'op-4'])
  expect(late.phone).toBeNull()
})

test('an edit that wins nothing leaves the very same customer', () => {
  const one = setCustomer(zhang(), { tier: 'gold', home_store_id: HOME }, [5, 'op-5'])
  expect(setCustomer(one, { tier: 'blue', home_store_id: HOME }, [4, 'op-4'])).toBe(one)
  expect(setCustomer(one, { home_store_id: HOME }, [9, 'op-9'])).toBe(one)
})

test('a home is a fact of enrolment that no edit moves', () => {
  const other = '00000000-0000-7000-8000-000000000002'
  expect(setCustomer(zhang(), { home_store_id: other, tier: 'gold' }, [1, 'op-1'])).toMatchObject({
    home_store_id: HOME,
    tier: 'gold',
  })
})

type TagFact = { put: string; at: number } | { take: string; observed: string[]; at: number }

/** Facts in an order that can happen: a removal names only dots that stand before it. */
const tagFacts: fc.Arbitrary<TagFact[]> = fc
  .array(
    fc.record({
      isPut: fc.boolean(),
      tag: fc.constantFrom(SKIN, CARE),
      at: fc.integer({ min: 1, max: 9 }),
      sees: fc.array(fc.nat(7), { maxLength: 4 }),
    }),
    { maxLength: 8 },
  )
  .map((all) =>
    all.map(({ isPut, tag, at, sees }, index): TagFact => {
      const seen = sees.filter((one) => one < index).map((one) => `dot-${one}`)
      return isPut ? { put: tag, at } : { take: tag, observed: seen, at }
    }),
  )

function withTags(all: readonly (TagFact & { dot: string })[]): Customer {
  return all.reduce((one, fact) => {
    const stamp: Stamp = [fact.at, fact.dot]
    if ('put' in fact)
      return putTag(one, { tag_id: fact.put, source: 'staff', home_store_id: HOME }, stamp, 'staff')
    const { take: tag_id, observed } = fact
    return takeTag(one, { tag_id, observed, home_store_id: HOME }, stamp)
  }, zhang())
}

function byDot(customer: Customer): Customer['taggings'] {
  return customer.taggings.toSorted((a, b) => (a.dot < b.dot ? -1 : 1))
}

test('tags end the same in any order in which removals follow what they saw', () => {
  const arriving = tagFacts.chain((all) => {
    const named = all.map((fact, index) => ({ ...fact, dot: `dot-${index}` }))
    const order = fc.shuffledSubarray(named, { minLength: named.length })
    return fc.tuple(fc.constant(named), order)
  })
  // A removal that would come too early waits until the dots it saw are there.
  const inCause = (order: readonly (TagFact & { dot: string })[]) => {
    const puts = order.filter((fact) => 'put' in fact)
    const takes = order.filter((fact) => !('put' in fact))
    return [...puts, ...takes]
  }
  fc.assert(
    fc.property(arriving, ([all, order]) => {
      expect(byDot(withTags(inCause(order)))).toEqual(byDot(withTags(all)))
    }),
    { numRuns: 500 },
  )
})

test('a tag stands unless some removal of that tag saw its dot', () => {
  fc.assert(
    fc.property(tagFacts, (all) => {
      const named = all.map((fact, index) => ({ ...fact, dot: `dot-${index}` }))
      const standing = withTags(named).taggings.filter((one) => one.off_at === null)
      const expected = named.flatMap((fact) => {
        if (!('put' in fact)) return []
        const isSeen = named.some(
          (other) =>
            'take' in other && other.take === fact.put && other.observed.includes(fact.dot),
        )
        return isSeen ? [] : [fact.dot]
      })
      expect(standing.map((one) => one.dot).sort()).toEqual(expected.sort())
    }),
    { numRuns: 500 },
  )
})

test('a tag put on again elsewhere survives a removal that did not see it', () => {
  const put = { tag_id: SKIN, source: 'staff', home_store_id: HOME } as const
  const twice = putTag(putTag(zhang(), put, [1, 'a'], 'staff'), put, [2, 'b'], 'staff')
  const taken = takeTag(twice, { tag_id: SKIN, observed: ['a'], home_store_id: HOME }, [3, 'c'])
  expect(taken.taggings.map(({ dot, off_at }) => [dot, off_at])).toEqual([
    ['a', 3],
    ['b', null],
  ])
})

test('of two removals the earlier dates the end, and none comes before the beginning', () => {
  const put = { tag_id: SKIN, source: 'staff', home_store_id: HOME } as const
  const take = { tag_id: SKIN, observed: ['a'], home_store_id: HOME }
  const one = putTag(zhang(), put, [5, 'a'], 'staff')
  const offAt = (customer: Customer) => customer.taggings[0]?.off_at
  expect(offAt(takeTag(takeTag(one, take, [9, 'b']), take, [7, 'c']))).toBe(7)
  expect(offAt(takeTag(takeTag(one, take, [7, 'c']), take, [9, 'b']))).toBe(7)
  expect(offAt(takeTag(one, take, [2, 'd']))).toBe(5)
})

test('consents are one word per purpose and channel, in a fixed order', () => {
  const said = {
    purpose: 'service',
    channel: 'sms',
    state: 'granted',
    home_store_id: HOME,
  } as const
  const first = setConsent(zhang(), said, [1, 'a'])
  const both = setConsent(first, { ...said, purpose: 'marketing', state: 'refused' }, [2, 'b'])
  const again = setConsent(both, { ...said, state: 'withdrawn' }, [3, 'c'])
  expect(again.consents.map(({ purpose, state }) => [purpose, state])).toEqual([
    ['marketing', 'refused'],
    ['service', 'withdrawn'],
  ])
  expect(setConsent(again, said, [9, 'd'])).toBe(again)
})

test('tablets see standing tags only, and no stamps; a linked copy has no note', () => {
  const put = { tag_id: SKIN, source: 'staff', home_store_id: HOME } as const
  const noted = setCustomer(zhang(), { note: 'likes tea', home_store_id: HOME }, [1, 'n'])
  const tagged = putTag(putTag(noted, put, [1, 'a'], 'staff'), put, [1, 'b'], 'staff')
  const take = { tag_id: SKIN, observed: ['a'], home_store_id: HOME }
  const row = rowOfCustomer(takeTag(tagged, take, [2, 'c']), { pinyin: 'zhangwei', initials: 'zw' })
  expect(row.taggings).toEqual([{ tag_id: SKIN, dot: 'b', at: 1, source: 'staff', by: 'staff' }])
  expect(row).not.toHaveProperty('stamps')
  expect([row.note, linkedCopy(row).note]).toEqual(['likes tea', null])
  expect(customerOfRow(row)).toMatchObject({
    name: '张伟',
    stamps: {},
    taggings: [{ off_at: null }],
  })
})

test('every editable field of the schema is merged, and only those', () => {
  const fields = Object.keys(CustomerSet.entries).filter((name) => name !== 'home_store_id')
  expect(fields.sort()).toEqual([...CUSTOMER_FIELDS].sort())
})

test.each([
  ['no name', { name: '' }],
  ['a blank name', { name: ' \u3000' }],
  ['a name of 81 characters', { name: '张'.repeat(81) }],
  ['a phone with letters', { phone: '+86abc' }],
  ['an e-mail with two @', { email: 'a@b@c' }],
  ['a 31st of no month', { birthday: '13-31' }],
  ['a gender of our own', { gender: 'q' }],
  [
    '31 attributes',
    { attributes: Object.fromEntries(Array.from({ length: 31 }, (_, i) => [`k${i}`, 'v'])) },
  ],
  ['no home', { home_store_id: undefined }],
])('a customer with %s is refused', (_name, fault) => {
  const good = { name: '张伟', home_store_id: HOME, phone: '+8613812345678', birthday: '02-29' }
  expect(v.is(CustomerCreate, good)).toBe(true)
  expect(v.is(CustomerCreate, { ...good, ...fault })).toBe(false)
})
