import { METRICS, type Metric } from '#model/metrics.ts'
import type { Period } from '#model/period.ts'
import {
  COMPARE_MAX,
  type CompareWith,
  FUNNEL_RATES,
  type FunnelRate,
} from '#model/report-compare.ts'
import { oneOf, query, readPeriod } from './address.ts'

// The state of the screens that compare stores, read from and written to their address.

export const PEERS = ['format', 'all'] as const
/** Whom a store is measured by: stores of its own format, or all of the chain. */
export type Peers = (typeof PEERS)[number]

export const METRIC_VIEWS = ['chart', 'table'] as const
export type ChartView = (typeof METRIC_VIEWS)[number]

/** Stores that were ticked, each once, at most eight; a longer list is cut. */
export function readPicked(params: URLSearchParams): string[] {
  const named = params.getAll('s').filter((id) => id !== '')
  return [...new Set(named)].slice(0, COMPARE_MAX)
}

export function readWith(params: URLSearchParams): CompareWith {
  return params.get('vs') === 'year' ? 'year' : 'prev'
}

export function readPeers(params: URLSearchParams): Peers {
  return params.get('peer') === 'all' ? 'all' : 'format'
}

/** The query's parts that several screens share; what is usual is left out. */
export function sharedParts(view: { vs: CompareWith; peers: Peers }): Record<string, string> {
  return { vs: view.vs === 'prev' ? '' : view.vs, peer: view.peers === 'format' ? '' : view.peers }
}

export interface CompareView {
  period: Period
  picked: readonly string[]
  metric: Metric
  vs: CompareWith
  peers: Peers
  view: ChartView
}

export function readCompareView(params: URLSearchParams, fallback: Period): CompareView {
  return {
    period: readPeriod(params) ?? fallback,
    picked: readPicked(params),
    metric: oneOf(METRICS, params.get('m')) ?? 'visits',
    vs: readWith(params),
    peers: readPeers(params),
    view: oneOf(METRIC_VIEWS, params.get('view')) ?? 'chart',
  }
}

export function writeCompareView(view: CompareView): string {
  return query(
    {
      period: view.period.text,
      m: view.metric === 'visits' ? '' : view.metric,
      ...sharedParts(view),
      view: view.view === 'chart' ? '' : view.view,
    },
    view.picked,
  )
}

export interface FunnelView {
  period: Period
  rate: FunnelRate
  /** One format; empty: all stores. */
  format: string
  view: ChartView
}

export function readFunnelView(params: URLSearchParams, fallback: Period): FunnelView {
  return {
    period: readPeriod(params) ?? fallback,
    rate: oneOf(FUNNEL_RATES, params.get('rate')) ?? 'identified_rate',
    format: params.get('format') ?? '',
    view: oneOf(METRIC_VIEWS, params.get('view')) ?? 'chart',
  }
}

export function writeFunnelView({ period, rate, format, view }: FunnelView): string {
  return query({
    period: period.text,
    rate: rate === 'identified_rate' ? '' : rate,
    format,
    view: view === 'chart' ? '' : view,
  })
}
