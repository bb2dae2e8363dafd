import { expect, test } from 'vitest'
import { rankMoves } from './score-changes.ts'
import { scoreRow } from './test-score.ts'

const range = (low: number, high: number) => ({ low, high })
const before = (rank: number | null, rank_range: ReturnType<typeof range> | null) => ({
  as_set: { score: rank === null ? null : 50, rank, rank_range },
})

test('stores that move come farthest first, those that stay are left out', () => {
  const moves = rankMoves([
    scoreRow('stays', { rank: 2, ...before(2, range(1, 4)) }),
    scoreRow('up', { rank: 1, ...before(3, range(1, 4)) }),
    scoreRow('down', { rank: 9, ...before(4, range(3, 6)) }),
    scoreRow('enters', { rank: 5, ...before(null, null) }),
    scoreRow('leaves', { rank: null, ...before(6, range(5, 8)) }),
    scoreRow('unknown', { rank: 7, as_set: null }),
  ])
  expect(moves.map(({ row, places, isOutside }) => [row.scope, places, isOutside])).toEqual([
    ['leaves', null, true],
    ['enters', null, true],
    ['down', -5, true],
    ['up', 2, false],
  ])
})
