import { expect, test } from 'vitest'
import { REASONS } from '#model/refusal.ts'
import { en } from '#web/i18n/en.ts'
import { zh } from '#web/i18n/zh.ts'
import { customerOf, opTitle, refusalWords } from './outbox-words.ts'

const words = zh.clerk.outbox
const op = { kind: 'visit', type: 'visit', record_id: 'v', payload: { customer_id: 'c' } }

test('an op is named by what the clerk did', () => {
  expect(opTitle(op, words)).toBe('到店登记')
  expect(opTitle({ ...op, payload: { customer_id: null } }, words)).toBe('散客')
  expect(opTitle({ kind: 'tagging', type: 'tag+', payload: {} }, words)).toBe('打标签')
  expect(opTitle({ kind: 'customer', type: 'merge', payload: {} }, words)).toBe('其他改动')
})

test('the customer of an op is found whether it is of a visit or of the customer', () => {
  expect(customerOf(op)).toBe('c')
  expect(customerOf({ ...op, payload: { customer_id: null } })).toBeNull()
  expect(customerOf({ ...op, payload: {} })).toBeNull()
  expect(customerOf({ ...op, kind: 'consent', type: 'set' })).toBe('v')
})

test('every reason that the server may give has words and a way out in both languages', () => {
  for (const { clerk } of [zh, en])
    for (const reason of REASONS) {
      const { why, todo } = refusalWords(reason, null, clerk.outbox)
      expect(why.length).toBeGreaterThan(2)
      expect(todo.length).toBeGreaterThan(5)
    }
})

test('a reason that this version does not know is passed to headquarters', () => {
  expect(refusalWords('moonlight', null, words)).toEqual({
    why: words.reasons.fault,
    todo: words.advice.headquarters,
  })
  expect(refusalWords('malformed', 'name: empty', words).why).toContain('name: empty')
})
