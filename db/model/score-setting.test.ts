import * as v from 'valibot'
import { expect, test } from 'vitest'
import { COMPONENT_IDS, defaultWeights, type Weights } from './score/components.ts'
import { id } from './id.ts'
import {
  parseWeights,
  SCORE_SETTING_ID,
  ScoreSetting,
  ScoreWeights,
  weightsFault,
  weightsText,
} from './score-setting.ts'

const by = '0198c0de-0000-7000-8000-000000000001'
const only = (points: Partial<Record<keyof Weights, number>>): Weights => ({
  ...(Object.fromEntries(COMPONENT_IDS.map((one) => [one, 0])) as Weights),
  ...points,
})

test('the weights of the definitions page may be set, and come back from an address', () => {
  const weights = defaultWeights()
  expect(v.parse(ScoreSetting, { weights, by })).toEqual({ weights, by })
  expect(weightsText(weights)).toBe('20-15-10-10-10-10-10-5-5-5')
  expect(parseWeights(weightsText(weights))).toEqual(weights)
  expect(v.is(id, SCORE_SETTING_ID)).toBe(true)
})

test('weights that do not add up to 100, or that nobody has facts for, are refused', () => {
  const refusal = (weights: object) => v.safeParse(ScoreWeights, weights).issues?.[0].message
  expect(weightsFault(only({ retained_rate: 60, identified_rate: 39 }))).toBe('sum')
  expect(refusal(only({ retained_rate: 60, identified_rate: 39 }))).toBe('sum')
  expect(refusal(only({ satisfaction_rate: 50, follow_up_rate: 50 }))).toBe('none-recorded')
  expect(v.is(ScoreWeights, only({ retained_rate: 99.5, identified_rate: 0.5 }))).toBe(false)
  expect(v.is(ScoreWeights, only({ retained_rate: 110, identified_rate: -10 }))).toBe(false)
})

test('a component that is younger than what was written has no points', () => {
  const old = v.parse(ScoreWeights, { retained_rate: 70, identified_rate: 30 })
  expect(old).toEqual(only({ retained_rate: 70, identified_rate: 30 }))
  expect(parseWeights('70-0-30')).toEqual(old)
})

test('an address that says no weights is told apart', () => {
  for (const text of ['', '100-', '20-15', 'a-b', '1e2', '20-15-10-10-10-10-10-5-5-5-0'])
    expect(parseWeights(text)).toBeNull()
})
