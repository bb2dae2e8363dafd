import { expect, test } from 'vitest'
import { COMPONENT_IDS, defaultWeights } from '#model/score/components.ts'
import { pointsOf, readTyped, textsOf } from './weights-form.ts'

const texts = textsOf(defaultWeights())
const nothing = Object.fromEntries(COMPONENT_IDS.map((id) => [id, ''])) as typeof texts

test('weights come back from their fields, and an empty field is nought', () => {
  expect(readTyped(texts)).toMatchObject({ sum: 100, fault: null, weights: defaultWeights() })
  const two = readTyped({ ...nothing, retained_rate: ' 60 ', identified_rate: '40' })
  expect(two.weights).toMatchObject({ retained_rate: 60, identified_rate: 40, referrals: 0 })
})

test('half a number, a fraction and more than all are no points', () => {
  expect(['7', '', '100'].map(pointsOf)).toEqual([7, 0, 100])
  expect(['7.5', '-1', '101', '1e1', '七'].map(pointsOf)).toEqual([null, null, null, null, null])
  const typed = readTyped({ ...texts, referrals: 'ten' })
  expect(typed).toMatchObject({ fault: 'unreadable', unreadable: ['referrals'], weights: null })
})

test('the sum is told while it is wrong, and so is a choice that nobody could be scored by', () => {
  const less = readTyped({ ...texts, retained_rate: '15' })
  expect(less).toMatchObject({ sum: 95, fault: 'sum', weights: null })
  const unknown = readTyped({ ...nothing, referrals: '50', satisfaction_rate: '50' })
  expect(unknown).toMatchObject({ sum: 100, fault: 'none-recorded', weights: null })
})
