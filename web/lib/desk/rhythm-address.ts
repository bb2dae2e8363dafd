import { COHORT_SIDES, type CohortSide } from '#model/rhythm/cohort.ts'
import { RFM_GROUPS, type RfmGroup } from '#model/rhythm/rfm-group.ts'

// What the page of a scope's customers shows stands in its address.

export const COHORT_ROWS = ['12', '24', '36'] as const
export type CohortRows = (typeof COHORT_ROWS)[number]

/** The parts that are shown as a chart or as a table. */
export const RHYTHM_PARTS = ['cohorts', 'second', 'gaps'] as const
export type RhythmPart = (typeof RHYTHM_PARTS)[number]

export interface RhythmView {
  side: CohortSide
  rows: CohortRows
  /** Parts that are shown as tables. */
  tables: readonly RhythmPart[]
  /** The RFM group whose customers are listed; of a store only. */
  group: RfmGroup | null
}

function oneOf<T extends string>(values: readonly T[], text: string | null): T | null {
  return values.find((value) => value === text) ?? null
}

export function readRhythmView(params: URLSearchParams): RhythmView {
  const tables = (params.get('table') ?? '').split(',')
  return {
    side: oneOf(COHORT_SIDES, params.get('side')) ?? 'homed',
    rows: oneOf(COHORT_ROWS, params.get('months')) ?? '12',
    tables: RHYTHM_PARTS.filter((part) => tables.includes(part)),
    group: oneOf(RFM_GROUPS, params.get('group')),
  }
}

/** The query with its leading `?`; a lone `?` when everything is as it begins. */
export function writeRhythmView({ side, rows, tables, group }: RhythmView): string {
  const parts = [
    ['side', side === 'homed' ? '' : side],
    ['months', rows === '12' ? '' : rows],
    ['table', tables.join(',')],
    ['group', group ?? ''],
  ].filter(([, value]) => value !== '')
  return `?${new URLSearchParams(parts).toString().replaceAll('%2C', ',')}`
}

/** The same view with one part as a chart or as a table. */
export function withPart(view: RhythmView, part: RhythmPart, as: 'chart' | 'table'): RhythmView {
  const others = view.tables.filter((one) => one !== part)
  return { ...view, tables: as === 'table' ? [...others, part] : others }
}

export function customersPath(scope: string, view?: RhythmView): string {
  const kept = view ? writeRhythmView({ ...view, group: null }) : ''
  return `/desk/stores/${encodeURIComponent(scope)}/customers${kept === '?' ? '' : kept}`
}
