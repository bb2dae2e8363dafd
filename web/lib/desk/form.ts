import * as v from 'valibot'
import { cleanText } from '#model/text.ts'
import type { DeskMessages } from './words.ts'
import { PASSWORD_MIN_CHARS } from './password.ts'

// A form speaks in texts, a record in fields. The record's own schema says what is wrong, so that a
// form never accepts what the ledger would refuse.

export type Faults<Field extends string> = Partial<Record<Field, string>>

/** A text as a record keeps it; undefined when nothing was written. */
export function given(text: string): string | undefined {
  const clean = cleanText(text)
  return clean === '' ? undefined : clean
}

/** The fields that have a value; an absent field stays as it is in the ledger. */
export function present<T extends Record<string, unknown>>(fields: T): Partial<T> {
  const kept = Object.entries(fields).filter(([, value]) => value !== undefined)
  // Leaving out entries of an object of type T leaves a part of T.
  return Object.fromEntries(kept) as Partial<T>
}

/** A fault's code (the schema's message) in words. */
export function faultWords(code: string, say: DeskMessages['admin']['faults']): string {
  const words = Object.entries(say).find(([name]) => name === code)?.[1]
  if (typeof words === 'string') return words
  return typeof words === 'function' ? words(PASSWORD_MIN_CHARS) : say.other
}

/** What is wrong, by the name of the top field; empty when the schema takes the value. */
export function faultsOf(
  schema: v.GenericSchema,
  value: Record<string, unknown>,
  say: DeskMessages['admin']['faults'],
): Record<string, string> {
  const result = v.safeParse(schema, value)
  if (result.success) return {}
  const faults: Record<string, string> = {}
  for (const issue of result.issues) {
    const field = v.getDotPath(issue)?.split('.')[0] ?? ''
    const isMissing = issue.input === undefined || issue.input === ''
    faults[field] ??= isMissing ? say.empty : faultWords(issue.message, say)
  }
  return faults
}

/**
 * Fields that were filled before and are empty in the form: a record keeps an optional field for
 * good once it is set, so the form says so instead of pretending to clear it.
 */
export function emptied(
  before: Record<string, unknown> | null,
  after: Record<string, unknown>,
): string[] {
  if (!before) return []
  return Object.keys(after).filter(
    (field) => after[field] === undefined && before[field] !== undefined && before[field] !== null,
  )
}

/** New places for a list after one row moved a step up (-1) or down (1); only what changes. */
export function moved<Row extends { id: string; order?: number | undefined }>(
  rows: readonly Row[],
  id: string,
  step: -1 | 1,
): { id: string; order: number }[] {
  const at = rows.findIndex((row) => row.id === id)
  const list = [...rows]
  const [row, other] = [list[at], list[at + step]]
  if (!row || !other) return []
  list[at] = other
  list[at + step] = row
  return list
    .map((one, order) => ({ id: one.id, order, before: one.order }))
    .filter((one) => one.order !== one.before)
    .map(({ id: rowId, order }) => ({ id: rowId, order }))
}

/** In the order that was given, equals by name. */
export function inOrder<Row>(
  rows: readonly Row[],
  place: (row: Row) => { order?: number | undefined; name: string },
): Row[] {
  const names = new Intl.Collator('zh-u-co-pinyin', { numeric: true })
  return rows
    .map((row) => ({ row, ...place(row) }))
    .sort((a, b) => (a.order ?? 0) - (b.order ?? 0) || names.compare(a.name, b.name))
    .map(({ row }) => row)
}
