// What is at stake: a text that one engine stores and the other refuses blocks a tablet for ever,
// and one that deceives the eye makes a clerk contact the wrong person. Names of all scripts and
// emoji must pass all the same.
import fc from 'fast-check'
import * as v from 'valibot'
import { expect, test } from 'vitest'
import { cleanText, line, prose, textFault } from './text.ts'

const name = line(80)
const note = prose(1000)

test.each([
  ['NUL', 'Zhang\u0000Wei', 'control'],
  ['a bell', '\u0007', 'control'],
  ['an escape sequence', '\u001b[31mred', 'control'],
  ['delete', 'a\u007f', 'control'],
  ['a lone high surrogate', 'a\ud83d', 'surrogate'],
  ['a lone low surrogate', '\ude00a', 'surrogate'],
  ['surrogates the wrong way round', '\ude00\ud83d', 'surrogate'],
  ['a right-to-left override', 'invoice\u202efdp.exe', 'bidi'],
  ['an isolate', '\u2066abc\u2069', 'bidi'],
  ['stacked marks', `z${'\u0335\u0322\u0347'.repeat(4)}algo`, 'marks'],
] as const)('%s is refused', (_name, text, fault) => {
  expect(textFault(text)).toBe(fault)
  expect(v.is(name, text)).toBe(false)
  expect(v.is(note, text)).toBe(false)
})

test.each([
  '张伟',
  '欧阳·娜娜',
  '𠮷田', // Outside the basic plane: two code units, one character.
  "O'Brien-Smith",
  'José Ñandú',
  'Nguyễn Thị Ánh',
  'محمد',
  'שָׁלוֹם',
  'สมชาย ใจดี',
  'राजेश',
  '😀',
  '👨‍👩‍👧‍👦 family',
  '🏴󠁧󠁢󠁥󠁮󠁧󠁿 flag of tags',
  '👍🏽 skin tone',
  '❤️ with its selector',
  '1️⃣ keycap',
  '=1+1', // Dangerous only where it is written into a spreadsheet, which the export minds.
  "Robert'); DROP TABLE customer;--",
  '<script>alert(1)</script>',
  '__proto__',
  'null',
])('%s is a name that passes and stays as it is', (text) => {
  const composed = text.normalize('NFC')
  expect(textFault(composed)).toBeNull()
  expect(v.parse(name, composed)).toBe(composed)
})

test('a line has no line ends, is not blank, not too long, and composed', () => {
  const faultOf = (text: unknown) => v.safeParse(name, text).issues?.[0].message
  expect(faultOf('two\nlines')).toBe('text')
  expect(faultOf('two\rlines')).toBe('text')
  expect(faultOf('')).toBe('empty')
  expect(faultOf(' \u3000\t')).toBe('empty')
  expect(faultOf('x'.repeat(81))).toBe('too-long')
  expect(faultOf('Jose\u0301')).toBe('not-nfc')
  expect(v.is(name, 42)).toBe(false)
})

test('prose may be empty and have lines and tabs', () => {
  expect(v.parse(note, '')).toBe('')
  expect(v.parse(note, 'likes tea\n\tgreen')).toBe('likes tea\n\tgreen')
  expect(v.is(note, 'x'.repeat(1001))).toBe(false)
})

test('what was cleaned has no fault that cleaning is for, and is clean already', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (text) => {
      const clean = cleanText(text)
      expect(clean).toBe(cleanText(clean))
      expect(clean).not.toMatch(/\r/)
      expect(clean).toBe(clean.normalize('NFC').trim())
    }),
    { numRuns: 1000 },
  )
})

test('line ends of other systems become one', () => {
  expect(cleanText('  a\r\nb\rc \n')).toBe('a\nb\nc')
})

test('no text whatever makes the check fail, and what passes is well-formed', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 60 }), (units) => {
      const text = String.fromCharCode(...units)
      if (textFault(text) === null) expect(text.isWellFormed()).toBe(true)
      else expect(v.is(note, text)).toBe(false)
    }),
    { numRuns: 2000 },
  )
})

test('a long hostile text is judged in linear time', () => {
  const started = performance.now()
  for (const unit of ['a', '\u0301', 'a\u0301\u0301\u0301\u0301', '\u202a', ' '])
    textFault(unit.repeat(200_000))
  expect(performance.now() - started).toBeLessThan(2000)
})
