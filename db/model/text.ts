import * as v from 'valibot'

// Text that one engine would store and the other refuse (NUL, lone surrogates), or that deceives
// the eye (bidirectional overrides), is refused before it becomes an op: as an op it would be
// poison on one of the two engines.

const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/ // eslint-disable-line no-control-regex
const BIDI_OVERRIDE = /[\u202a-\u202e\u2066-\u2069]/
const STACKED_MARKS = /\p{M}{5,}/u

/** What is wrong with a text, as a stable code, or null. */
export function textFault(text: string): 'control' | 'surrogate' | 'bidi' | 'marks' | null {
  if (CONTROL.test(text)) return 'control'
  if (!text.isWellFormed()) return 'surrogate'
  if (BIDI_OVERRIDE.test(text)) return 'bidi'
  if (STACKED_MARKS.test(text)) return 'marks'
  return null
}

/** Text as it is kept: composed (NFC), trimmed, and with single line ends. */
export function cleanText(text: string): string {
  return text.normalize('NFC').replace(/\r\n?/g, '\n').trim()
}

/** One line of 1 to `maxChars` characters, already clean. */
export const line = (maxChars: number) =>
  v.pipe(
    v.string(),
    v.minLength(1, 'empty'),
    v.maxLength(maxChars, 'too-long'),
    v.check((text) => textFault(text) === null && !/[\r\n]/.test(text), 'text'),
    v.check((text) => text.trim() !== '', 'empty'),
    v.check((text) => text === text.normalize('NFC'), 'not-nfc'),
  )

/** Free text of several lines up to `maxChars` characters; may be empty. */
export const prose = (maxChars: number) =>
  v.pipe(
    v.string(),
    v.maxLength(maxChars, 'too-long'),
    v.check((text) => textFault(text) === null, 'text'),
  )
