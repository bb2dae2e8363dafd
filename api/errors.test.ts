import { expect, test } from 'vitest'
import { LedgerError } from '#sql/errors.ts'
import { answerProblem, ApiError, asApiError } from './errors.ts'

const coded = (code: string) => Object.assign(new Error('a driver failed'), { code })
const codeOf = (error: unknown) => asApiError(error).code

test('a full disk, a lost database and a bug of ours are told apart', () => {
  expect(codeOf(coded('SQLITE_FULL'))).toBe('disk-full')
  expect(codeOf(coded('ENOSPC'))).toBe('disk-full')
  expect(codeOf(new Error('wrapped', { cause: coded('ECONNREFUSED') }))).toBe('unready')
  expect(codeOf(coded('SQLITE_BUSY'))).toBe('unready')
  expect(codeOf(coded('40001'))).toBe('unready')
  expect(codeOf(coded('SQLITE_CONSTRAINT'))).toBe('fault')
  expect(codeOf('thrown text')).toBe('fault')
})

test('a misuse that the ledger reports keeps its meaning', () => {
  expect(codeOf(new LedgerError('not-empty', ''))).toBe('not-empty')
  expect(codeOf(new LedgerError('unknown-store', ''))).toBe('not-found')
  expect(codeOf(new LedgerError('unsafe-database', ''))).toBe('fault')
})

test('whoever has to wait is told for how many seconds, rounded up', async () => {
  const answer = answerProblem(new ApiError('too-many', undefined, 1_001), 'an id')
  expect([answer.status, answer.headers.get('retry-after')]).toEqual([429, '2'])
  expect(asApiError(coded('SQLITE_FULL')).retryAfterMs).toBeGreaterThan(0)
})

test('the message of a fault never reaches the one who asked', async () => {
  const answer = answerProblem(asApiError(new Error('select * from customer')), 'an id')
  expect(await answer.text()).not.toContain('select')
})
