import * as v from 'valibot'
import { bookId, id } from './id.ts'
import { parsePeriod } from './period.ts'
import { ADJUSTMENTS, INFLOWS, OUTFLOWS, STAYED } from './statement.ts'
import { prose } from './text.ts'

const periodText = v.pipe(
  v.string(),
  v.maxLength(40),
  v.check((text) => parsePeriod(text) !== null, 'period'),
)

const month = v.pipe(
  periodText,
  v.check((text) => parsePeriod(text)?.kind === 'month', 'period'),
)

/**
 * A month whose statement stands from now on as it was: what arrives later is an adjustment of the
 * first open month. The figures that stood are kept beside it, see `closedStatement`.
 */
export const PeriodClose = v.object({ period: month, by: id })
export type PeriodClose = v.InferOutput<typeof PeriodClose>

export const NOTED_LINES = [
  'opening',
  ...INFLOWS,
  ...OUTFLOWS,
  ...STAYED,
  ...ADJUSTMENTS,
  'closing',
] as const

const NOTE_MAX_CHARS = 500

/** What somebody has to say about one line of a scope's statement. An empty text takes it back. */
export const StatementNote = v.object({
  scope: bookId,
  period: periodText,
  line: v.picklist(NOTED_LINES),
  text: prose(NOTE_MAX_CHARS),
  by: id,
})
export type StatementNote = v.InferOutput<typeof StatementNote>
