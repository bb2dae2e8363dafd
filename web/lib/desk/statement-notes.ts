import type { NoteRow } from '#model/report.ts'
import type { Line } from './statement-lines.ts'

// Notes stand below a statement and are pointed to from their lines, as in any account.

export interface NumberedNote {
  number: number
  note: NoteRow
}

/** The notes on one scope's statement, numbered by their lines from the top and then by age. */
export function numberNotes(
  notes: readonly NoteRow[],
  scope: string,
  lines: readonly Line[],
): NumberedNote[] {
  const place = (note: NoteRow) => {
    const at = lines.findIndex((line) => line === note.line)
    return at === -1 ? lines.length : at
  }
  return notes
    .filter((note) => note.scope === scope)
    .sort((a, b) => place(a) - place(b) || a.at - b.at || (a.id < b.id ? -1 : 1))
    .map((note, at) => ({ number: at + 1, note }))
}

/** By line, the numbers of its notes. */
export function noteMarks(
  notes: readonly NumberedNote[],
  lines: readonly Line[],
): ReadonlyMap<Line, readonly number[]> {
  const numbersOf = (line: Line) =>
    notes.filter(({ note }) => note.line === line).map(({ number }) => number)
  return new Map(lines.map((line) => [line, numbersOf(line)]))
}

const CLOSE_REFUSALS = [
  'not-a-month',
  'not-ended',
  'closed-already',
  'out-of-order',
  'does-not-foot',
] as const

/** Why a month could not be closed; a reason that this version does not know is `refused`. */
export function closeRefusal(detail: string | null): (typeof CLOSE_REFUSALS)[number] | 'refused' {
  return CLOSE_REFUSALS.find((reason) => reason === detail) ?? 'refused'
}
