import { lineOf, perMetric } from '#model/compare.ts'
import { metricsOf, NO_SUMS } from '#model/metrics.ts'
import type { ComparePlace } from '#model/report-compare.ts'

/** A place of a comparison, for tests: one period of no visits unless told otherwise. */
export function testPlace(scope: string, part: Partial<ComparePlace> = {}): ComparePlace {
  const now = part.now ?? metricsOf(NO_SUMS)
  return {
    scope,
    level: 'store',
    region_id: null,
    name: scope,
    name_en: null,
    code: null,
    format: null,
    currency: 'CNY',
    as_of: null,
    peer_group: 'all',
    stale: false,
    now,
    before: metricsOf(NO_SUMS),
    lines: perMetric((metric) => lineOf([now[metric]], false)),
    ...part,
  }
}
