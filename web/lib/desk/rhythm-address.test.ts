// What is at stake: a pasted link, Back or a reload that shows another view than was copied.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { COHORT_SIDES } from '#model/rhythm/cohort.ts'
import { RFM_GROUPS } from '#model/rhythm/rfm-group.ts'
import {
  COHORT_ROWS,
  customersPath,
  readRhythmView,
  RHYTHM_PARTS,
  type RhythmView,
  withPart,
  writeRhythmView,
} from './rhythm-address.ts'

const read = (query: string) => readRhythmView(new URLSearchParams(query))

const view: fc.Arbitrary<RhythmView> = fc.record({
  side: fc.constantFrom(...COHORT_SIDES),
  rows: fc.constantFrom(...COHORT_ROWS),
  tables: fc.subarray([...RHYTHM_PARTS]),
  group: fc.option(fc.constantFrom(...RFM_GROUPS)),
})

test('a view is read as it was written', () => {
  fc.assert(
    fc.property(view, (one) => {
      expect(read(writeRhythmView(one))).toEqual(one)
    }),
  )
})

test('what makes no sense is read as if it were absent', () => {
  const plain = read('')
  expect(read('side=x&months=7&table=x,,&group=kings')).toEqual(plain)
  expect(plain).toEqual({ side: 'homed', rows: '12', tables: [], group: null })
  expect(writeRhythmView(plain)).toBe('?')
})

test('a part becomes a table and a chart again, and the others stay', () => {
  const both = withPart(withPart(read(''), 'gaps', 'table'), 'cohorts', 'table')
  expect(new Set(both.tables)).toEqual(new Set(['gaps', 'cohorts']))
  expect(withPart(both, 'gaps', 'chart').tables).toEqual(['cohorts'])
})

test('the way to another scope keeps the view, but not the group, whose list is of one store', () => {
  const path = customersPath('a/b', read('side=acquired&group=new'))
  expect(path).toBe('/desk/stores/a%2Fb/customers?side=acquired')
  expect(customersPath('chain')).toBe('/desk/stores/chain/customers')
})
