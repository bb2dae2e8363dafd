import { expect, test } from 'vitest'
import { en } from './en.ts'
import { pickLocale } from './locale.ts'
import { zh } from './zh.ts'

// The compiler already refuses a missing message. What it cannot see is an empty one, a function
// that drops a part, or Chinese left standing in the English dictionary.

function leaves(tree: object, path = ''): [string, unknown][] {
  const entries: [string, unknown][] = Object.entries(tree)
  return entries.flatMap(([key, value]): [string, unknown][] =>
    typeof value === 'object' && value !== null
      ? leaves(value, `${path}${key}.`)
      : [[`${path}${key}`, value]],
  )
}

test('both languages have the same messages', () => {
  expect(leaves(en).map(([path]) => path)).toEqual(leaves(zh).map(([path]) => path))
})

test('no message is empty', () => {
  const empty = [...leaves(zh), ...leaves(en)].filter(([, value]) => value === '')
  expect(empty).toEqual([])
})

test('a message takes the same number of parts in both languages', () => {
  const parts = (tree: object) =>
    leaves(tree).map(([path, value]) => [path, typeof value === 'function' ? value.length : -1])
  expect(parts(en)).toEqual(parts(zh))
})

test('English holds no Chinese besides the name of the product and of the language', () => {
  const kept = new Set(['common.productLong', 'common.languages.zh'])
  const chinese = leaves(en).filter(
    ([path, value]) =>
      typeof value === 'string' && /\p{Script=Han}/u.test(value) && !kept.has(path),
  )
  expect(chinese).toEqual([])
})

test('the language chosen before wins over the languages of the reader', () => {
  expect(pickLocale('en', ['zh-CN'])).toBe('en')
  expect(pickLocale(null, ['fr-FR', 'en-US', 'zh-CN'])).toBe('en')
  expect(pickLocale('fr', ['zh-Hans-CN'])).toBe('zh')
  expect(pickLocale(null, ['fr'])).toBe('zh')
})
