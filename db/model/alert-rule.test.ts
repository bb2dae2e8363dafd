// What headquarters can write as a rule, and that what is offered can be written.
import * as v from 'valibot'
import { expect, test } from 'vitest'
import { AlertRule, readRule, ruleFault } from './alert-rule.ts'
import { STARTER_IDS, STARTERS } from './alerts/starters.ts'
import { testRule } from './alerts/test-chain.ts'

test('every starting rule is whole, for all stores, and switched off', () => {
  for (const name of STARTER_IDS) {
    const rule = { ...STARTERS[name], name, task: '' }
    expect(v.is(AlertRule, rule)).toBe(true)
    expect(ruleFault(rule)).toBeNull()
    expect([rule.state, rule.scope_kind, rule.may_automate]).toEqual(['off', 'all', false])
  }
})

test('fields that do not go together are named', () => {
  const rule = testRule({ metric: 'visits', test: 'xmr' })
  expect(ruleFault(rule)).toBeNull()
  expect(ruleFault({ ...rule, test: 'funnel-95' })).toBe('test')
  expect(ruleFault({ ...rule, limit: 3 })).toBe('limit')
  expect(ruleFault({ ...rule, test: 'threshold' })).toBe('limit')
  expect(ruleFault({ ...rule, window_weeks: 8 })).toBe('window_weeks')
  expect(ruleFault({ ...rule, scope_kind: 'region' })).toBe('scope_ids')
  expect(ruleFault({ ...rule, scope_ids: ['x'] })).toBe('scope_ids')
})

test('a row that is no rule of this version is left out, not guessed at', () => {
  const id = '00000000-0000-7000-8000-0000000000aa'
  const rule = testRule({ metric: 'visits', test: 'xmr' })
  expect(readRule({ ...rule, id })).toEqual({ ...rule, id })
  const later = { ...rule, id, test: 'horoscope' }
  expect(readRule(later)).toBeNull()
})
