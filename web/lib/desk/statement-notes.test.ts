import { expect, test } from 'vitest'
import type { NoteRow } from '#model/report.ts'
import { emptySide } from '#model/statement.ts'
import { linesOf } from './statement-lines.ts'
import { closeRefusal, noteMarks, numberNotes } from './statement-notes.ts'

// A mark in the page must lead to the note it means: numbers go down the page as the eye does.

const lines = linesOf('customers', [{ customers: emptySide(), value: emptySide() }])

function note(id: string, line: string, at: number, scope = 'chain'): NoteRow {
  return { id, scope, period: '2026-10', line, text: id, by_name: '王芳', at }
}

const notes = [
  note('d', 'expanded', 1),
  note('c', 'closing', 1),
  note('b', 'lost', 9),
  note('a', 'lost', 5),
  note('other', 'lost', 1, 's1'),
]

test('notes are numbered down the page, then by age; those of other scopes are left out', () => {
  const numbered = numberNotes(notes, 'chain', lines)
  expect(numbered.map(({ number, note: { id } }) => `${number}${id}`)).toEqual([
    '1a',
    '2b',
    '3c',
    '4d',
  ])
})

test('a line carries the numbers of its notes', () => {
  const marks = noteMarks(numberNotes(notes, 'chain', lines), lines)
  expect(marks.get('lost')).toEqual([1, 2])
  expect(marks.get('new')).toEqual([])
})

test('a reason that this version does not know is still a refusal', () => {
  expect(closeRefusal('out-of-order')).toBe('out-of-order')
  expect(closeRefusal('full-moon')).toBe('refused')
  expect(closeRefusal(null)).toBe('refused')
})
