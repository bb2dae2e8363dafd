import { expect, test } from 'vitest'
import { METRICS } from '#model/metrics.ts'
import { REASONS } from '#model/refusal.ts'
import { definitionOf } from './definitions.ts'
import { kindWords, reasonWords } from './refusal-words.ts'
import { messagesIn } from './words.ts'

// The compiler refuses a missing message. What it cannot see is an empty one, a function that takes
// other parts, or Chinese left standing in English.

function leaves(tree: object, path = ''): [string, unknown][] {
  const entries: [string, unknown][] = Object.entries(tree)
  return entries.flatMap(([key, value]): [string, unknown][] =>
    typeof value === 'object' && value !== null
      ? leaves(value, `${path}${key}.`)
      : [[`${path}${key}`, value]],
  )
}

const own = (language: 'zh' | 'en') => {
  const { desk, admin, metrics, charts, compare, customer, homes, sites } = messagesIn(language)
  return leaves({ desk, admin, metrics, charts, compare, customer, homes, sites })
}

test('both languages say the same things with the same parts', () => {
  const parts = (language: 'zh' | 'en') =>
    own(language).map(([path, value]) => [path, typeof value === 'function' ? value.length : -1])
  expect(parts('en')).toEqual(parts('zh'))
})

test('no message is empty, and English holds no Chinese', () => {
  expect([...own('zh'), ...own('en')].filter(([, value]) => value === '')).toEqual([])
  const chinese = own('en').filter(
    ([, value]) => typeof value === 'string' && /\p{Script=Han}/u.test(value),
  )
  expect(chinese).toEqual([])
})

test('every figure has its formula, unit, window and edge cases in both languages', () => {
  for (const metric of METRICS) {
    expect(definitionOf(metric, messagesIn('zh').metrics).split('\n')).toHaveLength(4)
    expect(definitionOf(metric, messagesIn('en').metrics).split('\n')).toHaveLength(4)
  }
})

test('every reason of the ledger has words, and a newer one shows its code', () => {
  const say = messagesIn('en').desk.sync
  expect(Object.keys(say.reasons).sort()).toEqual([...REASONS].sort())
  expect(reasonWords({ reason: 'eclipse', detail: 'moon' }, say.reasons)).toBe('eclipse (moon)')
  expect(kindWords('visit', say.kinds)).toBe('Visit')
})
