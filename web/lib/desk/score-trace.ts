import type { ScoreTraceReport } from '#model/report-score.ts'
import { TRACE_COLUMNS, type TraceColumn } from '#model/score/trace.ts'
import type { CsvCell } from '#web/charts/csv.ts'
import { componentName } from './score-words.ts'
import type { DeskMessages } from './words.ts'

/** The columns of the trace that hold a figure, in the order in which it is computed. */
export const TRACE_FIGURES = TRACE_COLUMNS.filter(
  (column): column is Exclude<TraceColumn, 'component'> => column !== 'component',
)

/** The score as the sum of the printed points: what a reader with a calculator finds. */
export function tracedTotal({ lines }: Pick<ScoreTraceReport, 'lines'>): number {
  return lines.reduce((sum, { points }) => sum + Number(points), 0)
}

/** Head, lines and total of the printed trace as rows of a file; digits as printed. */
export function traceRows(report: ScoreTraceReport, messages: DeskMessages): CsvCell[][] {
  const say = messages.score
  const head = [say.trace.component, ...TRACE_FIGURES.map((column) => say.trace[column])]
  const lines = report.lines.map((line): CsvCell[] => [
    componentName(line.component, messages),
    ...TRACE_FIGURES.map((column) => (column === 'raw' ? line.raw : Number(line[column]))),
  ])
  const total = Number(tracedTotal(report).toFixed(2))
  return [head, ...lines, [say.trace.total, ...TRACE_FIGURES.slice(0, -1).map(() => null), total]]
}
