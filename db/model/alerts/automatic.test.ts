// A rule may act by itself only while people would have said yes: 16 of the last 20, no fewer.
import { expect, test } from 'vitest'
import type { TaskState } from '../alert.ts'
import { acceptance, decisionsOf, isAutomatic, type TaskDecision } from './automatic.ts'

/** `a` accepted, `e` edited, `d` declined; one a day, in order. */
function decided(letters: string): TaskDecision[] {
  const states: Record<string, TaskState> = { a: 'accepted', e: 'edited', d: 'declined' }
  return [...letters].map((letter, at) => ({ state: states[letter] ?? 'declined', at }))
}

test.each([
  ['a'.repeat(19), false],
  ['a'.repeat(20), true],
  ['a'.repeat(16) + 'dddd', true],
  ['a'.repeat(15) + 'eeddd', false],
  // Words that were put right count as no yes, for by itself the wrong ones would have gone out.
  ['a'.repeat(15) + 'eeeee', false],
  // Of a longer past only the latest twenty count.
  ['d'.repeat(30) + 'a'.repeat(20), true],
  ['a'.repeat(40) + 'ddddd', false],
])('%s', (letters, expected) => {
  expect(isAutomatic(acceptance(decided(letters)))).toBe(expected)
  const shuffled = decided(letters).reverse()
  expect(isAutomatic(acceptance(shuffled))).toBe(expected)
})

test('it falls back when acceptance falls, and comes back when that rises', () => {
  const decisions = decided('a'.repeat(20) + 'ddddd' + 'a'.repeat(20))
  const modeAt = (at: number) => isAutomatic(acceptance(decisions, at))
  expect([20, 24, 25, 41, 45].map(modeAt)).toEqual([true, true, false, true, true])
})

test('a decision is dated by the step that took it, and nothing undecided counts', () => {
  const step = (state: 'acknowledged' | 'acting' | 'false', at: number) => {
    return { state, at, by: '', note: '' }
  }
  const steps = [step('acknowledged', 1), step('acting', 5), step('false', 9)]
  expect(
    decisionsOf([
      { task_state: 'accepted', steps },
      { task_state: null, steps: [step('acknowledged', 2)] },
    ]),
  ).toEqual([{ state: 'accepted', at: 5 }])
})
