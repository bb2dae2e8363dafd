import fc from 'fast-check'
import { expect, test } from 'vitest'
import { PEERS_MIN, peerGroup, referencesOf, storeAge } from './peers.ts'

test('a store is new for a year, growing until its third, settled from then on', () => {
  const ages = [0, 364, 365, 1094, 1095].map((days) => storeAge(1000, 1000 + days))
  expect(ages).toEqual(['new', 'new', 'growing', 'growing', 'settled'])
  expect(storeAge(null, 1000)).toBe('unknown')
})

test('groups differ by each trait, and an unknown one is no text', () => {
  const base = { format: 'mall', city_tier: '1', age: 'new' as const }
  const groups = [
    base,
    { ...base, format: 'street' },
    { ...base, city_tier: '2' },
    { ...base, age: 'settled' as const },
    { ...base, format: null },
    { ...base, format: 'null' },
  ].map(peerGroup)
  expect(new Set(groups).size).toBe(groups.length)
  expect(peerGroup({ ...base })).toBe(groups[0])
})

test('every store is measured once: by its group if that is large enough, else by the chain', () => {
  const sizes = fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 8 })
  fc.assert(
    fc.property(sizes, (counts) => {
      const stores = counts.flatMap((count, group) =>
        Array.from({ length: count }, (_, index) => ({
          id: `${group}-${index}`,
          peer_group: `${group}`,
        })),
      )
      const references = referencesOf(stores)
      const measured = references.flatMap(({ subjects }) => subjects.map(({ id }) => id))
      expect(measured.toSorted()).toEqual(stores.map(({ id }) => id).toSorted())
      for (const { reference, subjects } of references) {
        if (reference.scope === 'chain') {
          expect(reference.stores).toHaveLength(stores.length)
        } else {
          expect(reference.stores.length).toBeGreaterThanOrEqual(PEERS_MIN)
          expect(reference.stores).toEqual(subjects)
        }
      }
    }),
  )
})
