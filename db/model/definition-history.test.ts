// What is at stake: figures that were counted anew, and nobody can read what changed in them.
import { expect, test } from 'vitest'
import { definitionHistory } from './definition-history.ts'
import { FIGURES_VERSION } from './fold.ts'

test('every version up to the one in force is told, the latest first, and none beyond it', () => {
  const told = definitionHistory()
  const expected = Array.from({ length: FIGURES_VERSION }, (_, at) => FIGURES_VERSION - at)
  expect(told.map(({ version }) => version)).toEqual(expected)
  expect(definitionHistory(2).map(({ version }) => version)).toEqual([2, 1])
})

test('no version is older than the one before it', () => {
  const days = definitionHistory(Infinity).map(({ since }) => since)
  expect(days).toEqual([...days].sort().reverse())
})
