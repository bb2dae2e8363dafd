import type { Period } from '#model/period.ts'
import type { ScoreRow } from '#model/report-score.ts'
import { COMPONENT_IDS, type ComponentId, type Weights } from '#model/score/components.ts'
import { parseWeights, weightsText } from '#model/score-setting.ts'
import { oneOf, query, readPeriod } from './address.ts'

// The state of the score's pages in their addresses, and the rows that follow from it. Filters
// choose rows: a rank is always that of the whole chain.

export const SCORE_SORTS = ['rank', 'name', 'geometric', 'kept', ...COMPONENT_IDS] as const
export type ScoreSortBy = (typeof SCORE_SORTS)[number]

export interface ScoreSort {
  by: ScoreSortBy
  descending: boolean
}

export interface ScoreView {
  period: Period
  q: string
  region: string
  format: string
  show: 'chart' | 'table'
  sort: ScoreSort
}

/** Best first. */
export const DEFAULT_SCORE_SORT: ScoreSort = { by: 'rank', descending: false }

function readSort(text: string | null): ScoreSort {
  const asked = text ?? ''
  const descending = asked.startsWith('-')
  const by = oneOf(SCORE_SORTS, descending ? asked.slice(1) : asked)
  return by ? { by, descending } : DEFAULT_SCORE_SORT
}

export function readScoreView(params: URLSearchParams, fallback: Period): ScoreView {
  return {
    period: readPeriod(params) ?? fallback,
    q: params.get('q') ?? '',
    region: params.get('region') ?? '',
    format: params.get('format') ?? '',
    show: params.get('view') === 'table' ? 'table' : 'chart',
    sort: readSort(params.get('sort')),
  }
}

export function writeScoreView({ period, q, region, format, show, sort }: ScoreView): string {
  const isPlain = sort.by === DEFAULT_SCORE_SORT.by && !sort.descending
  return query({
    period: period.text,
    q,
    region,
    format,
    view: show === 'chart' ? '' : show,
    sort: isPlain ? '' : `${sort.descending ? '-' : ''}${sort.by}`,
  })
}

/** The weights that are thought of; null when the address names none that could be set. */
export function readDraft(params: URLSearchParams): Weights | null {
  return parseWeights(params.get('weights') ?? '')
}

export function writeDraft(period: Period, draft: Weights | null): string {
  return query({ period: period.text, weights: draft ? weightsText(draft) : '' })
}

export function filterScores(rows: readonly ScoreRow[], view: ScoreView): ScoreRow[] {
  const words = view.q.toLowerCase().split(/\s+/).filter(Boolean)
  return rows.filter((row) => {
    if (view.region !== '' && row.region_id !== view.region) return false
    if (view.format !== '' && row.peers.format !== view.format) return false
    const text = `${row.name} ${row.name_en ?? ''} ${row.code ?? ''}`.toLowerCase()
    return words.every((word) => text.includes(word))
  })
}

export function partOf(row: ScoreRow, id: ComponentId): ScoreRow['parts'][number] | null {
  return row.parts.find((part) => part.id === id) ?? null
}

function keyOf(row: ScoreRow, by: ScoreSortBy): number | null {
  if (by === 'rank' || by === 'name') return row.rank
  if (by === 'geometric') return row.geometric
  if (by === 'kept') return row.weight_kept
  return partOf(row, by)?.theta ?? null
}

/** Sorted rows; those without a value come last, and equals by rank. */
export function sortScores(
  rows: readonly ScoreRow[],
  { by, descending }: ScoreSort,
  compareNames: (a: ScoreRow, b: ScoreRow) => number,
): ScoreRow[] {
  const sign = descending ? -1 : 1
  return rows.toSorted((a, b) => {
    if (by === 'name') return sign * compareNames(a, b)
    const [one, two] = [keyOf(a, by), keyOf(b, by)]
    if (one === null || two === null) return Number(one === null) - Number(two === null)
    return sign * (one - two) || (a.rank ?? 0) - (b.rank ?? 0)
  })
}
