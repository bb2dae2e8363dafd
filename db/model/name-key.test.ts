// What is at stake: a clerk finds a name by its sound on the tablet as on the server. The table of
// readings itself is passed in and tested where it is loaded.
import { expect, test } from 'vitest'
import { hasHan, keyOfSyllables, keyOfWords } from './name-key.ts'

test('names with Han characters need a table of readings, others do not', () => {
  expect(['张伟', '𠮷田', 'Anna 张'].map(hasHan)).toEqual([true, true, true])
  expect(['Anna', 'たなか', '김', 'محمد', '', '①'].map(hasHan)).toEqual(Array(6).fill(false))
})

test('syllables become one word and their first letters', () => {
  expect(keyOfSyllables(['zhang', 'wei'])).toEqual({ pinyin: 'zhangwei', initials: 'zw' })
  expect(keyOfSyllables(['Shan', 'yv'])).toEqual({ pinyin: 'shanyv', initials: 'sy' })
  expect(keyOfSyllables([])).toEqual({ pinyin: '', initials: '' })
})

test.each([
  ['Anna Brown', 'ab'],
  ['  anna   brown ', 'ab'],
  ["Anna-Lee O'Brien", 'alob'],
  ['Anna-Lee O’Brien', 'alob'],
  ['Élodie', 'é'],
  ['ＡＮＮＡ', 'a'],
])('the initials of %j are %j', (name, initials) => {
  expect(keyOfWords(name)).toEqual({ pinyin: '', initials })
})
