import type { RefusedOp } from '#model/report.ts'
import type { Locale } from '#web/i18n/locale.ts'
import { formatMoney } from '#web/i18n/format.ts'
import { wordOf } from './refusal-words.ts'
import type { DeskMessages } from './words.ts'

/** One field of a refused op: what stands there and what it wanted to write, as text. */
export interface FieldRow {
  field: string
  name: string
  before: string
  after: string
}

type Told = Pick<RefusedOp, 'kind' | 'customer_id' | 'currency' | 'tag' | 'after' | 'before'>

/** Kinds whose fields a clerk writes; of others a field of the same name means another thing. */
const COUNTER_KINDS = new Set(['customer', 'visit', 'consent', 'tagging'])
const HIDDEN = new Set(['home_store_id', 'customer_id', 'observed'])

function codeWords(op: Told, field: string, code: string, t: DeskMessages, locale: Locale): string {
  if (field === 'tag_id' && op.tag)
    return (locale === 'en' ? op.tag.label_en : null) ?? op.tag.label
  if (!COUNTER_KINDS.has(op.kind)) return code
  if (op.kind === 'visit' && field === 'purpose') return wordOf(t.common.purposes, code) ?? code
  return wordOf(wordOf<Record<string, string>>(t.refused.values, field) ?? {}, code) ?? code
}

function plain(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function textOf(op: Told, field: string, value: unknown, t: DeskMessages, locale: Locale): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'string') return codeWords(op, field, value, t, locale)
  if (typeof value === 'number' && field === 'spend_minor' && op.currency !== null)
    return formatMoney(value, op.currency, locale)
  if (typeof value !== 'object' || Array.isArray(value)) return plain(value)
  return Object.entries(value)
    .map(([name, own]) => `${name}: ${plain(own)}`)
    .join('\n')
}

/** The fields that the op speaks of, in its own order, without ids that say nothing to people. */
export function fieldsOf(op: Told, t: DeskMessages, locale: Locale): FieldRow[] {
  const isHidden = (field: string) =>
    // That a visit with a name is one person's goes without saying.
    HIDDEN.has(field) || (field === 'count' && op.after['count'] === 1 && op.customer_id !== null)
  const nameOf = (field: string) =>
    (COUNTER_KINDS.has(op.kind) ? wordOf(t.refused.fields, field) : undefined) ?? field
  return Object.keys(op.after)
    .filter((field) => !isHidden(field))
    .map((field) => ({
      field,
      name: nameOf(field),
      before: textOf(op, field, op.before?.[field], t, locale),
      after: textOf(op, field, op.after[field], t, locale),
    }))
}
