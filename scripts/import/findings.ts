import { createWriteStream, type WriteStream } from 'node:fs'
import { finished } from 'node:stream/promises'
import type { Origin } from './table.ts'

/** `reject`: the row was left out; `warning`: a field of it; `duplicate`: two rows look alike. */
export type Severity = 'reject' | 'warning' | 'duplicate'

/** Why, as a stable code. Refusals of the ledger use its own reasons. */
export const WORDS: Record<string, string> = {
  alike: 'looks like the same person as an earlier row',
  columns: 'the row has another number of cells than the header',
  count: 'a tally counts 1 to 999 people',
  date: 'is not a date of the given format',
  empty: 'is needed and empty',
  future: 'lies in the future',
  money: 'is not an amount',
  number: 'is not a whole number',
  phone: 'is not a phone that can be dialled',
  'refused-before': 'was refused by an earlier import',
  'same-id': 'an earlier row has this id',
  'same-name-and-phone': 'an earlier row has this name and phone',
  'same-phone': 'an earlier row has this phone',
  'too-long': 'is too long',
  'unknown-customer': 'no customer has this id',
  'unknown-store': 'no store has this id',
  zone: 'is not a time zone',
}

export interface Finding extends Origin {
  severity: Severity
  kind: string
  column: string
  value: string
  reason: string
}

/** What a run found wrong: counted in memory, listed in a file. */
export interface Findings {
  add(finding: Finding): void
  /** How often, by severity, kind and reason; the key is `severity kind reason`. */
  counts: ReadonlyMap<string, number>
  /** The first ones, for the screen. */
  first: readonly Finding[]
  countOf(severity: Severity, kind?: string): number
  close(): Promise<void>
}

const SHOWN_MAX = 10
const HEADER = 'file,row,severity,kind,column,value,reason,meaning\n'

// A spreadsheet runs what begins like a formula; the apostrophe keeps it text, and an importer
// takes it off again.
function quote(text: string): string {
  const safe = /^[=+@\t\r-]/.test(text) ? `'${text}` : text
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

export function wordsOf(reason: string): string {
  return WORDS[reason] ?? reason
}

function lineOf(f: Finding): string {
  const cells = [f.severity, f.kind, f.column, f.value, f.reason, wordsOf(f.reason)].map(quote)
  return `${quote(f.file)},${f.row},${cells.join(',')}\n`
}

/** Collects findings; the file (UTF-8 with BOM) is made with the first of them. */
export function openFindings(path: string | null): Findings {
  const counts = new Map<string, number>()
  const first: Finding[] = []
  let file: WriteStream | null = null
  return {
    counts,
    first,
    add(finding) {
      const key = `${finding.severity} ${finding.kind} ${finding.reason}`
      counts.set(key, (counts.get(key) ?? 0) + 1)
      if (first.length < SHOWN_MAX) first.push(finding)
      if (path === null) return
      file ??= begin(path)
      file.write(lineOf(finding))
    },
    countOf(severity, kind) {
      const start = kind === undefined ? `${severity} ` : `${severity} ${kind} `
      return [...counts].reduce((sum, [key, n]) => (key.startsWith(start) ? sum + n : sum), 0)
    },
    async close() {
      if (file) await finished(file.end())
    },
  }
}

function begin(path: string): WriteStream {
  const file = createWriteStream(path)
  file.write(`\uFEFF${HEADER}`)
  return file
}
