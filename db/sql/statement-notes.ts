import { and, eq } from 'drizzle-orm'
import { CHAIN } from '#model/id.ts'
import type { StatementNote } from '#model/period-close.ts'
import type { ReferenceRecord } from '#model/reference.ts'
import type { NoteRow } from '#model/report.ts'
import { derivedId } from './derived-id.ts'
import { listDeskRecords } from './desk-records.ts'
import { namesOf } from './fleet-scope.ts'
import type { Ledger } from './ledger.ts'
import { type Writer, writeDrafts } from './write.ts'

/** The notes on statements of one period, of the scopes that a reader sees. */
export async function notesOf(
  ledger: Ledger,
  period: string,
  scopes: ReadonlySet<string>,
): Promise<NoteRow[]> {
  const records = (await listDeskRecords(ledger, 'statement_note')).filter(
    ({ fields }) =>
      fields['period'] === period && scopes.has(String(fields['scope'])) && fields['text'] !== '',
  )
  const names = await namesOf(
    ledger,
    'staff',
    records.map(({ fields }) => String(fields['by'])),
  )
  return records.map((record) => rowOf(record, names))
}

function rowOf({ id, fields, stamps }: ReferenceRecord, names: Map<string, string>): NoteRow {
  const textOf = (field: string) => String(fields[field] ?? '')
  return {
    id,
    scope: textOf('scope'),
    period: textOf('period'),
    line: textOf('line'),
    text: textOf('text'),
    by_name: names.get(textOf('by')) ?? '',
    at: stamps['text']?.[0] ?? 0,
  }
}

/**
 * Writes a note, or another text of one; an empty text takes it back. Gives the note's id. A new
 * note that the same person repeats is the one that stands, for its answer may have been lost.
 */
export async function writeNote(
  ledger: Ledger,
  writer: Writer,
  note: Omit<StatementNote, 'by'> & { id: string | null },
  now: number,
): Promise<{ id: string } | { refused: string }> {
  const { id, ...fields } = note
  const by = writer.actor_id
  const about = ['note', by, note.scope, note.period, note.line, note.text].join('|')
  const named = id ?? derivedId(ledger, about)
  const known = await standingNote(ledger, named, note.scope)
  if (id === null && known?.text === note.text) return { id: named }
  // The note that once said this may have been given other words: then this is a second one.
  const isChange = known !== null && (id !== null || known.text === '')
  const isFree = id === null && known === null
  const record_id = isChange || isFree ? named : ledger.ports.uuid()
  const draft = isChange
    ? { type: 'set' as const, payload: { text: note.text, by } }
    : { type: 'create' as const, payload: { ...fields, by } }
  const where = { store_id: CHAIN, kind: 'statement_note', record_id }
  const [result] = await writeDrafts(ledger, writer, [{ ...where, ...draft }], now)
  return result?.status === 'applied'
    ? { id: record_id }
    : { refused: result?.reason ?? 'malformed' }
}

/** A note may only be changed as one of the scope that it was written on. */
async function standingNote(ledger: Ledger, id: string, scope: string) {
  const { deskRecord } = ledger.t
  const [row] = await ledger.db
    .select()
    .from(deskRecord)
    .where(and(eq(deskRecord.kind, 'statement_note'), eq(deskRecord.id, id)))
  return row?.fields['scope'] === scope ? { text: String(row.fields['text'] ?? '') } : null
}
