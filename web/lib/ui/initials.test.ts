import { expect, test } from 'vitest'
import { initials } from './initials.ts'

test('a Han name gives its last two characters', () => {
  expect(['王', '张伟', '王小明', '欧阳娜娜'].map(initials)).toEqual(['王', '张伟', '小明', '娜娜'])
})

test('a Western name gives first and last initial', () => {
  expect(['Ana', 'ana de souza', '  Émile  Zola '].map(initials)).toEqual(['A', 'AS', 'ÉZ'])
})

test('a mixed name goes by its Han part, and no name gives nothing', () => {
  expect(['Lily 陈', ''].map(initials)).toEqual(['陈', ''])
})
