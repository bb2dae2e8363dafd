import { expect, test } from 'vitest'
import { ALL_METRICS } from '#model/metrics.ts'
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

const own = (language: 'zh' | 'en') => leaves(messagesIn(language))
/** The product's name, and that of the language. */
const IN_CHINESE = new Set(['common.productLong', 'common.languages.zh'])

test('both languages say the same things with the same parts', () => {
  const parts = (language: 'zh' | 'en') =>
    Object.fromEntries(
      own(language).map(([path, value]) => [path, typeof value === 'function' ? value.length : -1]),
    )
  expect(parts('en')).toEqual(parts('zh'))
})

test('no message is empty, and English holds no Chinese', () => {
  expect([...own('zh'), ...own('en')].filter(([, value]) => value === '')).toEqual([])
  const chinese = own('en').filter(
    ([path, value]) =>
      typeof value === 'string' && /\p{Script=Han}/u.test(value) && !IN_CHINESE.has(path),
  )
  expect(chinese).toEqual([])
})

test('every figure has its formula, unit, window and edge cases in both languages', () => {
  for (const metric of ALL_METRICS) {
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

test('every message is spoken somewhere', () => {
  const sources: Record<string, string> = import.meta.glob(
    ['/web/**/*.{ts,svelte}', '/db/**/*.ts', '!/web/lib/i18n/{zh,en}/**'],
    { query: '?raw', import: 'default', eager: true },
  )
  const named = new Set(
    Object.values(sources)
      .join('\n')
      .match(/[\w-]+/g),
  )
  const keys = [...new Set(own('en').flatMap(([path]) => path.split('.')))]
  expect(keys.length).toBeGreaterThan(1000)
  // Lists are spoken by number, and some by two names in one.
  expect(keys.filter((key) => /^[a-z]\w*$/i.test(key) && !named.has(key))).toEqual([])
})
