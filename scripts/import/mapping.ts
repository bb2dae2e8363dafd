import { readFileSync } from 'node:fs'
import * as v from 'valibot'
import { CONSENT_CHANNELS, CONSENT_PURPOSES } from '#model/consent.ts'
import { Store } from '#model/store.ts'
import { line } from '#model/text.ts'
import { ENCODINGS } from './encoding.ts'
import { ImportError } from './import-error.ts'
import { isDateFormat } from './when.ts'

// A mapping says how the columns of one source become our fields. README.md explains it by example.

const text = v.pipe(v.string(), v.minLength(1, 'must not be empty'))
/** One column, or several that are joined by a space. */
const column = v.union([text, v.pipe(v.array(text), v.minLength(1))], 'must be a column name')
const dateFormat = v.pipe(text, v.check(isDateFormat, 'is no date format'))

const STORE_FIELDS = [
  'name',
  'name_en',
  'code',
  'format',
  'city',
  'city_tier',
  'region',
  'zone',
  'cutoff_minutes',
  'currency',
  'country',
  'opened_on',
]
const CUSTOMER_FIELDS = [
  'name',
  'phone',
  'phone_alt',
  'phone_country',
  'card',
  'email',
  'birthday',
  'gender',
  'tier',
  'note',
  'home',
  'created_at',
]
const VISIT_FIELDS = [
  'store',
  'customer',
  'at',
  'receipt',
  'spend',
  'spend_minor',
  'items',
  'purpose',
  'need',
  'note',
  'count',
]

/** An object of these fields alone, each of which may be absent. */
function optionals<Value>(
  fields: readonly string[],
  schema: v.GenericSchema<Value>,
): v.GenericSchema<Record<string, Value | undefined>> {
  return v.strictObject(Object.fromEntries(fields.map((field) => [field, v.optional(schema)])))
}

const table = (fields: readonly string[]) => ({
  /** File names with `*`, relative to the folder. */
  files: v.pipe(v.array(text), v.minLength(1, 'must name a file')),
  encoding: v.optional(v.picklist(ENCODINGS), 'auto'),
  delimiter: v.optional(v.pipe(v.string(), v.length(1))),
  /** The columns that make a row's own id in the source; all columns when absent. */
  id: v.optional(v.union([text, v.array(text)])),
  columns: optionals(fields, column),
  /** Values that hold for all rows. */
  fixed: v.optional(optionals(fields, v.union([v.string(), v.number()])), {}),
  /** Per field: what a value of the source means; `*` stands for any other. */
  values: v.optional(optionals(fields, v.record(v.string(), v.string())), {}),
  dates: v.optional(optionals(fields, dateFormat), {}),
  /** Texts that stand for an empty cell. */
  empty: v.optional(v.array(v.string()), []),
})

const Tags = v.strictObject({
  column: text,
  separator: v.optional(text, '|'),
  /** Splits "group:tag"; without it all tags belong to `group`. */
  group_separator: v.optional(text),
  group: v.optional(line(30)),
})

const ConsentColumn = v.strictObject({
  column: text,
  purpose: v.picklist(CONSENT_PURPOSES),
  channel: v.picklist(CONSENT_CHANNELS),
  granted: v.array(v.string()),
  refused: v.optional(v.array(v.string()), []),
})

export const Mapping = v.strictObject({
  source: v.pipe(v.string(), v.regex(/^[a-z0-9-]{1,40}$/, 'must be of a-z, 0-9 and -')),
  chain: v.optional(
    v.strictObject({
      name: Store.entries.name,
      zone: Store.entries.zone,
      currency: Store.entries.currency,
      country: Store.entries.country,
      cutoff_minutes: v.optional(v.pipe(v.number(), v.integer()), 240),
    }),
  ),
  /** How money is written: the sign before the decimals. */
  decimal_point: v.optional(v.picklist(['.', ',']), '.'),
  stores: v.optional(
    v.strictObject({
      ...table(STORE_FIELDS),
      /** The source's id of the head office, which every chain has already. */
      head_office: v.optional(text),
    }),
  ),
  customers: v.optional(
    v.strictObject({
      ...table(CUSTOMER_FIELDS),
      tags: v.optional(Tags),
      consents: v.optional(v.array(ConsentColumn), []),
      /** Kept as attributes under these names. */
      attributes: v.optional(v.record(line(40), text), {}),
      /** Columns that together make two rows look like one person, for the duplicate report. */
      alike: v.optional(v.array(v.array(text)), []),
    }),
  ),
  visits: v.optional(
    v.strictObject({
      ...table(VISIT_FIELDS),
      /** Rows without a customer are tallies of people nobody asked for a name. */
      anonymous: v.optional(v.boolean(), false),
    }),
  ),
})
export type Mapping = v.InferOutput<typeof Mapping>
export type StoreTable = NonNullable<Mapping['stores']>
export type CustomerTable = NonNullable<Mapping['customers']>
export type VisitTable = NonNullable<Mapping['visits']>

type Tables = Pick<Mapping, 'stores' | 'customers' | 'visits'>

const NEEDED: { [Kind in keyof Tables]-?: readonly string[] } = {
  stores: ['name'],
  customers: ['name'],
  visits: ['store', 'at'],
}
const DATED: { [Kind in keyof Tables]-?: readonly string[] } = {
  stores: ['opened_on'],
  customers: ['created_at', 'birthday'],
  visits: ['at'],
}

/** What the schema cannot say: fields that must be there, and formats that dates need. */
function missingParts(mapping: Mapping): string[] {
  return (['stores', 'customers', 'visits'] as const).flatMap((kind) => {
    const given = mapping[kind]
    if (!given) return []
    const has = (part: 'columns' | 'fixed' | 'dates', field: string) =>
      Object.hasOwn(given[part], field)
    const absent = NEEDED[kind]
      .filter((field) => !has('columns', field) && !has('fixed', field))
      .map((field) => `${kind}.columns.${field}: is needed`)
    const undated = DATED[kind]
      .filter((field) => has('columns', field) && !has('dates', field))
      .map((field) => `${kind}.dates.${field}: a date column needs its format`)
    return [...absent, ...undated]
  })
}

/** The mapping in a JSON value. Throws ImportError that names every fault with its path. */
export function parseMapping(value: unknown, name: string): Mapping {
  const result = v.safeParse(Mapping, value)
  const faults = result.success
    ? missingParts(result.output)
    : result.issues.map((issue) => `${v.getDotPath(issue) ?? '(all)'}: ${wordsOf(issue)}`)
  if (result.success && faults.length === 0) return result.output
  throw new ImportError([`${name} is no mapping:`, ...faults].join('\n  '))
}

function wordsOf(issue: v.BaseIssue<unknown>): string {
  if (issue.expected === 'never') return 'is not known here'
  if (issue.received === 'undefined') return 'is needed'
  return issue.message
}

export function readMapping(path: string): Mapping {
  try {
    return parseMapping(JSON.parse(readFileSync(path, 'utf8')), path)
  } catch (error) {
    if (error instanceof SyntaxError) throw new ImportError(`${path} is not JSON: ${error.message}`)
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT')
      throw new ImportError(`${path}: there is no such mapping file`)
    throw error
  }
}
