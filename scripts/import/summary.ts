import { type Findings, wordsOf } from './findings.ts'
import type { Outcome } from './run.ts'
import type { Sink } from './sink.ts'

type Line = [name: string, rows: number | null, sink: Sink, kind: string]

function linesOf({ rows, reference, facts }: Outcome): Line[] {
  return [
    ['regions', null, reference, 'region'],
    ['stores', rows.stores, reference, 'store'],
    ['tag groups', null, reference, 'tag_group'],
    ['tags', null, reference, 'tag'],
    ['customers', rows.customers, facts, 'customer'],
    ['consents', null, facts, 'consent'],
    ['taggings', null, facts, 'tagging'],
    ['visits', rows.visits, facts, 'visit'],
  ]
}

const HEADER = ['', 'rows', 'new', 'there', 'rejected', 'warnings', 'duplicates']

function cellsOf([name, rows, sink, kind]: Line, findings: Findings, isDry: boolean): string[] {
  const { planned, applied, known } = sink.tally(kind)
  const counts = [
    isDry ? planned : applied,
    known,
    findings.countOf('reject', kind),
    findings.countOf('warning', kind),
    findings.countOf('duplicate', kind),
  ]
  return [name, rows === null ? '' : String(rows), ...counts.map(String)]
}

function tableOf(rows: readonly string[][]): string {
  const widths = HEADER.map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  )
  const pad = (text: string, column: number) =>
    column === 0 ? text.padEnd(widths[0] ?? 0) : text.padStart(widths[column] ?? 0)
  return rows.map((row) => `  ${row.map(pad).join('  ')}`).join('\n')
}

/** What came of a run, as a table and the most frequent findings in words. */
export function summarise(outcome: Outcome, findings: Findings, isDry: boolean): string {
  const lines = linesOf(outcome).filter(
    ([, rows, sink, kind]) => rows !== null || sink.tally(kind).planned > 0,
  )
  const header = isDry ? HEADER.map((title) => (title === 'new' ? 'records' : title)) : HEADER
  const table = tableOf([header, ...lines.map((line) => cellsOf(line, findings, isDry))])
  const causes = [...findings.counts]
    .sort(([, a], [, b]) => b - a)
    .map(([key, count]) => {
      const [severity = '', kind = '', reason = ''] = key.split(' ')
      return `  ${count} × ${severity}, ${kind}: ${wordsOf(reason)}`
    })
  return causes.length === 0 ? table : `${table}\n\n${causes.join('\n')}`
}
