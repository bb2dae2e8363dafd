import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  COMPONENT_IDS,
  COMPONENTS,
  defaultWeights,
  recordedComponents,
  weightsInForce,
  type ComponentId,
} from './components.ts'

const sumOf = (weights: Record<ComponentId, number>) =>
  COMPONENT_IDS.reduce((sum, id) => sum + weights[id], 0)

test('the default weights are those of the definitions and make 100', () => {
  const weights = defaultWeights()
  expect(COMPONENT_IDS.map((id) => weights[id])).toEqual([20, 15, 10, 10, 10, 10, 10, 5, 5, 5])
  expect(sumOf(weights)).toBe(100)
})

test('until the product records their facts, components lend their weight in proportion', () => {
  const inForce = weightsInForce(defaultWeights())
  expect(inForce.retained_rate).toBeCloseTo(40, 12)
  expect(inForce.second_visit_rate).toBeCloseTo(30, 12)
  expect(inForce.identified_rate).toBeCloseTo(20, 12)
  expect(inForce.spend_growth).toBeCloseTo(10, 12)
  const unrecorded = COMPONENT_IDS.filter((id) => !COMPONENTS[id].recorded)
  expect(unrecorded.map((id) => inForce[id])).toEqual(unrecorded.map(() => 0))
})

test('weights in force make 100 and keep the proportions that headquarters set', () => {
  const weight = fc.double({ min: 0, max: 100, noNaN: true })
  const weights = fc.tuple(...COMPONENT_IDS.map(() => weight)).map((values) => {
    const set = { ...defaultWeights() }
    COMPONENT_IDS.forEach((id, index) => (set[id] = values[index] ?? 0))
    return set
  })
  fc.assert(
    fc.property(weights, (set) => {
      const recorded = recordedComponents()
      fc.pre([...recorded].some((id) => set[id] > 1e-3))
      const inForce = weightsInForce(set)
      expect(sumOf(inForce)).toBeCloseTo(100, 9)
      for (const a of recorded) {
        for (const b of recorded) expect(inForce[a] * set[b]).toBeCloseTo(inForce[b] * set[a], 6)
      }
    }),
  )
})

test('all facts recorded change nothing; no weight at all stays none; below 0 is a bug', () => {
  const weights = defaultWeights()
  expect(weightsInForce(weights, new Set(COMPONENT_IDS))).toEqual(weights)
  expect(sumOf(weightsInForce({ ...weights }, new Set()))).toBe(0)
  expect(() => weightsInForce({ ...weights, referrals: -1 })).toThrow('at least 0')
})
