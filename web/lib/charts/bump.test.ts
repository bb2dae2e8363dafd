import { expect, test } from 'vitest'
import { ranksOf, tieOffsets } from './bump.ts'

const line = (id: string, ...points: (number | null)[]) => ({ id, name: id, points })

test('the highest figure is first, equal ones share a rank and the next one counts them', () => {
  expect(ranksOf([line('a', 3, 1), line('b', 3, 2), line('c', 1, 9)])).toEqual([
    [1, 3],
    [1, 2],
    [3, 1],
  ])
})

test('a line without data has no rank and takes none', () => {
  expect(ranksOf([line('a', 5), line('b', null), line('c', 4)])).toEqual([[1], [null], [2]])
})

test('equal ranks are drawn apart, others in their row', () => {
  const ranks = [[1], [1], [3], [null]]
  expect(tieOffsets(ranks, 0)).toEqual([-0.15, 0.15, 0, 0])
})
