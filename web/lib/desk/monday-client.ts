import * as v from 'valibot'
import { ALERT_METRICS } from '#model/alerts/alert-metric.ts'
import type { MondayReport, MondayStores } from '#model/report-alerts.ts'
import { PlaceShape } from './alerts-client.ts'
import { type Fetch, read } from './request.ts'

// The Monday page of a store, read and checked. Throws DeskError.

const number = v.number()
const text = v.string()
const maybeNumber = v.nullable(number)

const Change = v.object({
  metric: v.picklist(ALERT_METRICS),
  ...{ value: number, n: number, smoothed: number, usual: number },
  ...{ low: number, high: number, strength: number },
})

const Report: v.GenericSchema<unknown, MondayReport> = v.object({
  store: PlaceShape,
  ...{ week: text, from: number, to: number },
  as_of: maybeNumber,
  is_whole: v.boolean(),
  improved: v.array(Change),
  slipping: v.array(Change),
  saves: v.array(
    v.object({
      customer_id: text,
      light: v.picklist(['amber', 'red']),
      ...{ days_since: number, gap_days: number, lost_on: number, visits: number },
      spend_minor: number,
      days: v.array(number),
      came_on: maybeNumber,
      name: v.nullable(text),
    }),
  ),
  practice: v.nullable(
    v.object({
      store_id: text,
      metric: v.picklist(ALERT_METRICS),
      test: v.picklist(['funnel-99.9', 'ewma']),
      ...{ value: number, n: number, usual: number, limit: number },
      own: maybeNumber,
      strength: number,
      place: v.nullable(PlaceShape),
    }),
  ),
  alerts: number,
  computed_at: number,
})

const Stores: v.GenericSchema<unknown, MondayStores> = v.object({
  stores: v.array(PlaceShape),
  week: text,
})

export function getMondayStores(get: Fetch): Promise<MondayStores> {
  return read(get, '/api/desk/monday', Stores)
}

/** An empty week is the last one that is over. */
export function getMonday(get: Fetch, storeId: string, week: string): Promise<MondayReport> {
  const asked = week === '' ? '' : `?${new URLSearchParams({ week })}`
  return read(get, `/api/desk/monday/${encodeURIComponent(storeId)}${asked}`, Report)
}
