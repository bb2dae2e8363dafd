import { MOVEMENT_KINDS } from '#model/movements.ts'
import type { Period } from '#model/period.ts'
import type { MovementsReport, StatementReport } from '#model/report.ts'
import { LATE, type Statement } from '#model/statement.ts'
import { oneOf, query, readPeriod } from './address.ts'

// The address of a statement and of the customers behind one of its lines: a pasted link, Back and
// a reload give the same view.

export type Side = keyof Statement
export const SIDES = ['customers', 'value'] as const satisfies readonly Side[]

/** As known today, or as the months were closed. */
export type Knowledge = StatementReport['view']

export interface Shared {
  period: Period
  /** A store, a region or `chain`; empty is the widest that the reader may see. */
  scope: string
  side: Side
  view: Knowledge
}

export interface StatementView extends Shared {
  /** Regions whose stores are folded away. */
  folded: readonly string[]
}

export const MOVEMENT_SORTS = ['day', 'kind', 'customer', 'store', 'counterparty', 'value'] as const
export type MovementSort = (typeof MOVEMENT_SORTS)[number]

export type ListedKind = MovementsReport['kind']
const LISTED = [...MOVEMENT_KINDS, LATE] as const

/** `side` and `view` are those of the statement that one came from, and goes back to. */
export interface MovementsView extends Shared {
  kind: ListedKind
  sort: { by: MovementSort; descending: boolean }
}

export const LATEST_FIRST: MovementsView['sort'] = { by: 'day', descending: true }

export function readShared(params: URLSearchParams, fallback: Period): Shared {
  return {
    period: readPeriod(params) ?? fallback,
    scope: params.get('scope') ?? '',
    side: oneOf(SIDES, params.get('side')) ?? 'customers',
    view: params.get('view') === 'closed' ? 'closed' : 'restated',
  }
}

export function readStatementView(params: URLSearchParams, fallback: Period): StatementView {
  const folded = (params.get('folded') ?? '').split(',').filter((part) => part !== '')
  return { ...readShared(params, fallback), folded }
}

export function writeShared({ period, scope, side, view }: Shared): Record<string, string> {
  return {
    period: period.text,
    scope,
    side: side === 'customers' ? '' : side,
    view: view === 'restated' ? '' : view,
  }
}

/** The period is always written: a link must mean the same next month. */
export function statementAddress(view: StatementView): string {
  return `/desk/statement${query({ ...writeShared(view), folded: view.folded.join(',') })}`
}

export function readMovementsView(params: URLSearchParams, fallback: Period): MovementsView {
  const [, minus, word] = /^(-?)([a-z]+)$/.exec(params.get('sort') ?? '') ?? []
  const by = oneOf(MOVEMENT_SORTS, word ?? null)
  return {
    ...readShared(params, fallback),
    kind: oneOf(LISTED, params.get('line')) ?? 'new',
    sort: by ? { by, descending: minus === '-' } : LATEST_FIRST,
  }
}

export function movementsAddress(view: MovementsView): string {
  const { by, descending } = view.sort
  const isPlain = by === LATEST_FIRST.by && descending === LATEST_FIRST.descending
  const sort = isPlain ? '' : `${descending ? '-' : ''}${by}`
  return `/desk/statement/movements${query({ ...writeShared(view), line: view.kind, sort })}`
}
