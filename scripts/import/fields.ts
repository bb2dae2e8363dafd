import * as v from 'valibot'
import type { Findings, Severity } from './findings.ts'
import { columnNames, type TableMapping, type TableRow } from './table.ts'

/** Notes what is wrong with fields of one table's rows. */
export interface Complain {
  (row: TableRow, field: string, reason: string, severity?: Severity): void
}

export function complainer(findings: Findings, kind: string, table: TableMapping): Complain {
  return (row, field, reason, severity = 'reject') =>
    findings.add({
      file: row.file,
      row: row.row,
      severity,
      kind,
      column: field === 'id' ? [table.id ?? []].flat().join(' ') : columnNames(table, field),
      value: field === 'id' ? row.key : row.field(field),
      reason,
    })
}

/** The fields of `names` that the row has; absent ones are left out. */
export function present(row: TableRow, names: readonly string[]): Record<string, string> {
  const entries = names.map((name) => [name, row.field(name)] as const)
  return Object.fromEntries(entries.filter(([, text]) => text !== ''))
}

/**
 * Reads a payload by its schema. A field that does not fit is left out with a warning, or, when it
 * is one of `needed`, makes the row a reject (null).
 */
export function fitPayload(
  schema: v.GenericSchema<unknown, Record<string, unknown>>,
  payload: Record<string, unknown>,
  needed: readonly string[],
  note: (field: string, reason: string, severity: Severity) => void,
): Record<string, unknown> | null {
  const result = v.safeParse(schema, payload)
  if (result.success) return result.output
  const faults = new Map(result.issues.map((issue) => [fieldOf(issue), reasonOf(issue)]))
  const fatal = [...faults.keys()].filter((field) => needed.includes(field) || field === '')
  for (const field of fatal) note(field, faults.get(field) ?? '', 'reject')
  if (fatal.length > 0) return null
  for (const [field, reason] of faults) note(field, reason, 'warning')
  const fitting = Object.entries(payload).filter(([field]) => !faults.has(field))
  return fitPayload(schema, Object.fromEntries(fitting), needed, note)
}

function fieldOf(issue: v.BaseIssue<unknown>): string {
  return v.getDotPath(issue)?.split('.')[0] ?? ''
}

// Messages of the model's own checks are codes already; others are sentences of the library.
function reasonOf({ message, input }: v.BaseIssue<unknown>): string {
  if (input === undefined) return 'empty'
  return /^[a-z-]+$/.test(message) ? message : 'malformed'
}
