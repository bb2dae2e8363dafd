// What is at stake: a score without a group, or with two, and a printed rule that is not the one
// that was applied.
import { expect, test } from 'vitest'
import type { RfmScores, Score } from './rfm.ts'
import { RFM_GROUPS, RFM_RULES, rfmGroup } from './rfm-group.ts'

const SCORES: Score[] = [1, 2, 3, 4, 5]

function everyScore(): RfmScores[] {
  return SCORES.flatMap((r) =>
    SCORES.flatMap((f) => [null, ...SCORES].map((m): RfmScores => ({ r, f, m }))),
  )
}

test('every score is in the region of exactly one group', () => {
  for (const { r, f, m } of everyScore()) {
    const fm = m === null ? (f ?? NaN) : ((f ?? NaN) + m) / 2
    const holding = RFM_GROUPS.filter((group) => {
      const rule = RFM_RULES[group]
      if (!rule.r || !rule.fm || r === null) return false
      return rule.r[0] <= r && r <= rule.r[1] && rule.fm[0] <= fm && fm <= rule.fm[1]
    })
    expect(holding).toEqual([rfmGroup({ r, f, m })])
  }
})

test('every group can be reached, with spend and without', () => {
  const reached = (scores: RfmScores[]) => new Set(scores.map(rfmGroup))
  const never: RfmScores = { r: null, f: null, m: null }
  expect(reached([...everyScore(), never]).size).toBe(RFM_GROUPS.length)
  const withoutSpend = everyScore().filter(({ m }) => m === null)
  expect(reached([...withoutSpend, never]).size).toBe(RFM_GROUPS.length)
})

test.each([
  [{ r: 5, f: 5, m: 5 }, 'champions'],
  [{ r: 4, f: 5, m: 4 }, 'loyal'],
  [{ r: 5, f: 3, m: 3 }, 'active'],
  [{ r: 3, f: 1, m: 1 }, 'promising'],
  [{ r: 5, f: 1, m: 2 }, 'new'],
  [{ r: 3, f: 3, m: 2 }, 'needs-attention'],
  [{ r: 2, f: 1, m: 1 }, 'almost-lost'],
  [{ r: 1, f: 4, m: 3 }, 'at-risk'],
  [{ r: 1, f: 5, m: 5 }, 'previously-loyal'],
  [{ r: 1, f: 1, m: null }, 'dormant'],
  [{ r: null, f: null, m: null }, 'prospects'],
] as const)('%o is %s', (scores, group) => {
  expect(rfmGroup(scores)).toBe(group)
})

test('each group is defined in one line', () => {
  expect(Object.keys(RFM_RULES).sort()).toEqual([...RFM_GROUPS].sort())
  for (const { definition } of Object.values(RFM_RULES)) expect(definition).toMatch(/^[A-Z].+\.$/)
})
