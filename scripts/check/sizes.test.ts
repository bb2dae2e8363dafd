// The ceilings are where this house means to differ from every peer: they only hold when counted.
import { expect, test } from 'vitest'
import { checkSizes } from './sizes.ts'

const lines = (count: number, line = 'a()') => `${line}\n`.repeat(count)
const problems = (path: string, text: string) =>
  checkSizes([{ path, text }]).map(({ line, message }) => `${line} ${message}`)

test.each([
  ['api/sync.ts', 300],
  ['web/routes/+page.svelte', 250],
  ['db/sql/ledger.test.ts', 500],
  ['web/e2e/offline.spec.ts', 500],
])('%s may have %i lines and not one more', (path, ceiling) => {
  expect(problems(path, lines(ceiling))).toEqual([])
  expect(problems(path, lines(ceiling + 1))).toEqual([
    `${ceiling + 1} the file has ${ceiling + 1} lines, the ceiling is ${ceiling}: split it by idea`,
  ])
})

test('dictionaries, migrations and seed data may be long', () => {
  for (const path of [
    'web/lib/i18n/zh.ts',
    'web/lib/i18n/en/desk.ts',
    'scripts/demo/names.data.ts',
  ])
    expect(problems(path, lines(900))).toEqual([])
})

test('a function has at most 60 lines, wherever it stands', () => {
  const body = (count: number) => `() => {\n${lines(count - 2)}}`
  expect(problems('api/sync.ts', `const push = ${body(60)}`)).toEqual([])
  expect(problems('api/sync.ts', `\nconst push = ${body(61)}`)).toEqual([
    '2 a function of 61 lines, the ceiling is 60: split it',
  ])
  expect(problems('api/sync.ts', `class A {\n  push() {\n${lines(70)}}\n}`)).toHaveLength(1)
  const component = `<p>a</p>\n<script lang="ts">\n  const push = ${body(61)}\n</script>`
  expect(problems('web/routes/+page.svelte', component)).toEqual([expect.stringMatching(/^3 /)])
})

test('a group of tests is no function, a test in it is one', () => {
  const long = (name: string) => `${name}('a', () => {\n${lines(70)}})`
  expect(problems('api/sync.test.ts', long('describe'))).toEqual([])
  expect(problems('api/sync.test.ts', long('test'))).toHaveLength(1)
})

test('a comment is folded before column 100, unless it holds an address', () => {
  const comment = `// ${'a '.repeat(60)}`
  expect(problems('api/sync.ts', `a()\n${comment}`)).toEqual([
    expect.stringMatching(/^2 a comment/),
  ])
  expect(problems('api/sync.ts', `${comment} https://example.org`)).toEqual([])
})
