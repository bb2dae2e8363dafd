// What is at stake: whose customer somebody is, and a manager who is asked the same thing twice.
import { expect, test } from 'vitest'
import { isAnswered, proposeHome } from './home-proposal.ts'

const seen = (...stores: string[]) =>
  stores.map((store_id, nth) => ({ store_id, day: 100 + nth, first_at: (100 + nth) * 1000 }))

test.each([
  [['home', 'a', 'a', 'a'], 'a'],
  [['a', 'b', 'b'], 'b'],
  [['a', 'b', 'c'], 'c'], // One each: where somebody was seen last.
  [['a', 'a', 'home', 'a', 'a'], null], // One of the last three was at home.
  [['a', 'a', 'home'], null],
  [['a', 'a'], null],
  [[], null],
])('of the visits %j the rule makes %j', (stores, to) => {
  expect(proposeHome(seen(...stores), 'home')?.to_store_id ?? null).toBe(to)
})

test('the order in which visits arrived does not matter, nor two stores on one day', () => {
  const visits = seen('home', 'a', 'b', 'b')
  expect(proposeHome(visits.toReversed(), 'home')).toEqual(proposeHome(visits, 'home'))
  const oneDay = [
    { store_id: 'b', day: 9, first_at: 2 },
    { store_id: 'a', day: 9, first_at: 5 },
    { store_id: 'c', day: 8, first_at: 1 },
  ]
  expect(proposeHome(oneDay, 'home')?.to_store_id).toBe('a')
})

test('what was answered comes again only with a new visit, or another home', () => {
  const made = proposeHome(seen('a', 'a', 'a'), 'home')
  const answer = { home_store_id: 'home', day: 102 }
  expect(made && isAnswered(made, 'home', answer)).toBe(true)
  expect(made && isAnswered(made, 'home', { ...answer, day: 101 })).toBe(false)
  expect(made && isAnswered(made, 'b', answer)).toBe(false)
  expect(made && isAnswered(made, 'home', undefined)).toBe(false)
})
