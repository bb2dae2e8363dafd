import type { RefusedOp } from '#model/report.ts'
import type { DeskMessages } from './words.ts'

/** One field of a refused op: what stands there and what it wanted to write, as text. */
export interface FieldRow {
  field: string
  name: string
  before: string
  after: string
}

/** What fields and values are told with. */
export interface FieldWords {
  say: DeskMessages['refused']
  purposes: DeskMessages['common']['purposes']
  money: (minor: number) => string
  /** A tag by its id, where it is known. */
  tagName: (id: string) => string | null
}

const HIDDEN = new Set(['home_store_id', 'customer_id', 'observed'])

/** A newer tablet may write fields and values without words here: its own are better than none. */
function wordOf(words: Readonly<Record<string, string>>, code: string): string | undefined {
  return Object.entries(words).find(([known]) => known === code)?.[1]
}

function codeWords(field: string, code: string, { say, purposes, tagName }: FieldWords): string {
  if (field === 'tag_id') return tagName(code) ?? code
  const values = Object.entries(say.values).find(([known]) => known === field)?.[1] ?? {}
  const visits = field === 'purpose' ? purposes : {}
  return wordOf({ ...values, ...visits }, code) ?? code
}

function textOf(field: string, value: unknown, words: FieldWords): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'string') return codeWords(field, value, words)
  if (typeof value === 'number' && field === 'spend_minor') return words.money(value)
  if (typeof value !== 'object' || Array.isArray(value)) return JSON.stringify(value)
  return Object.entries(value)
    .map(([name, own]) => `${name}: ${String(own)}`)
    .join('\n')
}

/** The fields that the op speaks of, in its own order, without ids that say nothing to people. */
export function fieldsOf(
  { after, before }: Pick<RefusedOp, 'after' | 'before'>,
  words: FieldWords,
): FieldRow[] {
  return (
    Object.keys(after)
      // That a visit with a name is one person's goes without saying.
      .filter((field) => !HIDDEN.has(field) && !(field === 'count' && after['count'] === 1))
      .map((field) => ({
        field,
        name: wordOf(words.say.fields, field) ?? field,
        before: textOf(field, before?.[field], words),
        after: textOf(field, after[field], words),
      }))
  )
}
