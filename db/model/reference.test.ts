// What is at stake: two people at the desk edit one store, tag or colleague at once. Each field
// goes to its later writer, on every device alike.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Stamp } from './op.ts'
import { createRecord, type ReferenceRecord, rowOfRecord, setRecord } from './reference.ts'

function tag(): ReferenceRecord {
  return createRecord('tag', 't', { label: 'Dry', order: 0 }, [1, 'op-0'])
}

const edits = fc
  .array(
    fc.record({
      at: fc.integer({ min: 2, max: 4 }),
      fields: fc.record(
        { label: fc.constantFrom('Dry', 'Oily'), label_en: fc.string(), order: fc.nat(9) },
        { requiredKeys: [] },
      ),
    }),
    { maxLength: 6 },
  )
  .map((all) =>
    all.map(({ at, fields }, index) => ({ fields, stamp: [at, `op-${index}`] satisfies Stamp })),
  )

test('edits end at the same record in whatever order they arrive', () => {
  const shuffled = edits.chain((all) =>
    fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })),
  )
  const apply = (all: readonly { fields: Record<string, unknown>; stamp: Stamp }[]) =>
    all.reduce((record, { fields, stamp }) => setRecord(record, fields, stamp), tag())
  fc.assert(
    fc.property(shuffled, ([all, other]) => {
      expect(apply(other)).toEqual(apply(all))
    }),
    { numRuns: 300 },
  )
})

test('an edit older than the record changes nothing, and leaves the very same record', () => {
  const record = tag()
  expect(setRecord(record, { label: 'Oily' }, [0, 'op-9'])).toBe(record)
  expect(setRecord(record, { label: 'Oily' }, [2, 'op-1']).fields).toEqual({
    label: 'Oily',
    order: 0,
  })
})

test('devices hold the fields and the id, whatever a field is called', () => {
  expect(rowOfRecord(tag())).toEqual({ id: 't', label: 'Dry', order: 0 })
  const sly = createRecord('tag', 't', { id: 'other' }, [1, 'op-0'])
  expect(rowOfRecord(sly).id).toBe('t')
})
