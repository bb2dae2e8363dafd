// What is at stake: a campaign that counts answers of people whom it never reached praises itself.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { campaignFunnel, type Touch } from './campaign-funnel.ts'

const touches = (text: string): Touch[] =>
  text
    .split(' ')
    .filter(Boolean)
    .map((pair) => ({ campaign: pair.slice(0, 1), customer: pair.slice(1) }))

test('a person counts once, however many campaigns and answers', () => {
  const funnel = campaignFunnel(touches('aLi bLi aLi aWu bHe'), touches('aLi aLi bLi bHe'))
  expect(funnel).toEqual({
    exposures: 4,
    reached: 3,
    responded: 2,
    responses: 4,
    unreached: 0,
    rate: 2 / 3,
  })
})

test('an answer to a campaign that never reached the person is told apart', () => {
  const funnel = campaignFunnel(touches('aLi aWu'), touches('bLi aHe aWu'))
  expect(funnel).toMatchObject({ responded: 1, responses: 1, unreached: 2, rate: 0.5 })
})

test('nobody reached is no rate', () => {
  expect(campaignFunnel([], touches('aLi'))).toMatchObject({ reached: 0, unreached: 1, rate: null })
})

test('order and repetition of reaching change nothing, and nobody answers unreached', () => {
  const some = fc.array(
    fc.record({ campaign: fc.constantFrom('a', 'b'), customer: fc.constantFrom('1', '2', '3') }),
  )
  fc.assert(
    fc.property(some, some, (reached, answers) => {
      const funnel = campaignFunnel(reached, answers)
      expect(campaignFunnel([...reached, ...reached].reverse(), [...answers].reverse())).toEqual(
        funnel,
      )
      expect(funnel.responded).toBeLessThanOrEqual(funnel.reached)
      expect(funnel.responses).toBeLessThanOrEqual(answers.length)
    }),
  )
})
