import { DEVICE_STATES, type DeviceState } from '#model/device.ts'
import { METRICS, type Metric } from '#model/metrics.ts'
import { parsePeriod, type Period } from '#model/period.ts'

// What a desk screen shows stands in its address, so that a pasted link, Back and a reload give
// the same view. Whatever an address says that makes no sense is read as if it were absent.

export const SORTS = ['name', 'as_of', ...METRICS] as const
export type SortBy = (typeof SORTS)[number]

/** `of` says whether figures are ordered by this period's value or by the difference to before. */
export interface Sort {
  by: SortBy
  descending: boolean
  of: 'now' | 'change'
}

export const DEFAULT_SORT: Sort = { by: 'name', descending: false, of: 'now' }

export function oneOf<T extends string>(values: readonly T[], text: string | null): T | null {
  return values.find((value) => value === text) ?? null
}

export function readSort(text: string | null): Sort {
  const match = /^(-?)([a-z_]+)(\.change)?$/.exec(text ?? '')
  const by = oneOf(SORTS, match?.[2] ?? null)
  if (!by) return DEFAULT_SORT
  const isFigure = by !== 'name' && by !== 'as_of'
  return { by, descending: match?.[1] === '-', of: match?.[3] && isFigure ? 'change' : 'now' }
}

export function writeSort(sort: Sort): string {
  return `${sort.descending ? '-' : ''}${sort.by}${sort.of === 'change' ? '.change' : ''}`
}

/** A query with its leading `?`, without the parts that are empty; then an `s` per store. */
export function query(parts: Record<string, string>, stores: readonly string[] = []): string {
  const named = stores.map((id): [string, string] => ['s', id])
  const kept = [...Object.entries(parts), ...named].filter(([, value]) => value !== '')
  // Colons, commas and @ may stand in a query as they are, and read better so.
  const text = new URLSearchParams(kept).toString().replaceAll('%2C', ',').replaceAll('%40', '@')
  return text === '' ? '' : `?${text}`
}

export function readPeriod(params: URLSearchParams): Period | null {
  return parsePeriod(params.get('period') ?? '')
}

export type Grain = 'month' | 'week'

export interface HistoryView {
  period: Period
  metric: Metric
  grain: Grain
}

export function readHistoryView(params: URLSearchParams, fallback: Period): HistoryView {
  return {
    period: readPeriod(params) ?? fallback,
    metric: oneOf(METRICS, params.get('metric')) ?? 'visits',
    grain: params.get('grain') === 'week' ? 'week' : 'month',
  }
}

export function writeHistoryView(view: HistoryView): string {
  return query({
    period: view.period.text,
    metric: view.metric === 'visits' ? '' : view.metric,
    grain: view.grain === 'month' ? '' : view.grain,
  })
}

/** What a device can be looked for by, beside its state. */
export const SYNC_FINDS = ['unsent', 'refused', 'lost', 'clock', 'storage', 'erased'] as const
export type SyncFind = (typeof SYNC_FINDS)[number]

export interface SyncView {
  state: DeviceState | null
  find: SyncFind | null
  q: string
}

export function readSyncView(params: URLSearchParams): SyncView {
  return {
    state: oneOf(DEVICE_STATES, params.get('state')),
    find: oneOf(SYNC_FINDS, params.get('find')),
    q: params.get('q') ?? '',
  }
}

export function writeSyncView(view: SyncView): string {
  return query({ state: view.state ?? '', find: view.find ?? '', q: view.q })
}

export const HOUR_SPANS = [24, 72, 168] as const
export type HourSpan = (typeof HOUR_SPANS)[number]

export interface HoursView {
  span: HourSpan
  q: string
}

export function readHoursView(params: URLSearchParams): HoursView {
  const span = HOUR_SPANS.find((hours) => String(hours) === params.get('span')) ?? 24
  return { span, q: params.get('q') ?? '' }
}

export function writeHoursView({ span, q }: HoursView): string {
  return query({ span: span === 24 ? '' : String(span), q })
}

export interface RefusedView {
  state: 'open' | 'decided'
  /** One device's only; empty: all. */
  device: string
}

export function readRefusedView(params: URLSearchParams): RefusedView {
  const state = params.get('state') === 'decided' ? 'decided' : 'open'
  return { state, device: params.get('device') ?? '' }
}

export function writeRefusedView({ state, device }: RefusedView): string {
  return query({ state: state === 'open' ? '' : state, device })
}

/** Where to go after signing in: only a path of ours, else a link could lead off the site. */
export function readNext(params: URLSearchParams): string {
  const next = params.get('next') ?? ''
  return /^\/(desk|admin)(?![\w-])/.test(next) && !next.startsWith('/desk/sign-in')
    ? next
    : '/desk/stores'
}

export function signInAddress(from: URL): string {
  return `/desk/sign-in?next=${encodeURIComponent(from.pathname + from.search)}`
}
