import * as v from 'valibot'
import {
  type CompareReport,
  FUNNEL_RATES,
  type FunnelReport,
  type StaffReport,
  type TagMixReport,
} from '#model/report-compare.ts'
import type { Metric } from '#model/metrics.ts'
import type { EntriesReport } from '#model/report-entries.ts'
import { MetricValuesShape } from './shapes.ts'

// The shape of every answer that stores are compared by; see shapes.ts.

type Shape<T> = v.GenericSchema<unknown, T>

const number = v.number()
const text = v.string()
const maybeNumber = v.nullable(number)
const maybeText = v.nullable(text)

function eachMetric<S extends v.GenericSchema>(shape: S) {
  return v.object({
    visits: shape,
    identified_rate: shape,
    visitors: shape,
    new: shape,
    returning: shape,
    active: shape,
    tag_coverage: shape,
    spend_per_visit: shape,
  } satisfies Record<Metric, S>)
}

const values = v.array(maybeNumber)
const sides = v.nullable(v.picklist(['above', 'below']))
const limits = v.nullable(v.object({ low: number, high: number }))

const Place = v.object({
  scope: text,
  level: v.picklist(['store', 'region', 'chain']),
  region_id: maybeText,
  name: text,
  name_en: maybeText,
  code: maybeText,
  format: maybeText,
  currency: maybeText,
  as_of: maybeNumber,
  peer_group: maybeText,
  stale: v.boolean(),
  now: MetricValuesShape,
  before: MetricValuesShape,
  lines: eachMetric(v.object({ values, limits, breaks: sides })),
})

const band = v.nullable(v.object({ low: number, median: number, high: number, stores: number }))

const Group = v.object({
  key: text,
  format: maybeText,
  currency: maybeText,
  stores: number,
  bands: eachMetric(band),
  medians: eachMetric(values),
})

export const CompareReportShape: Shape<CompareReport> = v.object({
  periods: v.array(text),
  before: text,
  places: v.array(Place),
  groups: v.array(Group),
  coverage: v.object({ fresh: number, stores: number }),
  over: v.boolean(),
  computed_at: number,
  dirty_days: number,
})

const Named = { scope: text, name: text, name_en: maybeText }

export const FunnelReportShape: Shape<FunnelReport> = v.object({
  period: text,
  rate: v.picklist(FUNNEL_RATES),
  format: maybeText,
  formats: v.array(text),
  funnel: v.nullable(v.object({ mean: number, phi: number, stretch: number, stores: number })),
  points: v.array(
    v.object({
      ...Named,
      region_id: maybeText,
      as_of: maybeNumber,
      x: number,
      n: number,
      verdict: v.picklist(['within', 'alert', 'alarm']),
      direction: sides,
    }),
  ),
  left_out: v.array(v.object({ ...Named, as_of: maybeNumber })),
  over: v.boolean(),
  computed_at: number,
  dirty_days: number,
})

const Label = { id: text, label: text, label_en: maybeText, customers: number }

export const TagMixShape: Shape<TagMixReport> = v.object({
  customers: number,
  groups: v.array(v.object({ ...Label, tags: v.array(v.object(Label)) })),
})

const Times = { at: number, name: text }

export const EntriesShape: Shape<EntriesReport> = v.object({
  period: text,
  zone: text,
  entries: number,
  received: v.nullable(v.object({ records: number, late: number })),
  enrolled: v.object({ customers: number, merged: number }),
  bursts: v.array(v.object({ ...Times, actor_id: text, visits: number })),
  two_places: v.array(
    v.object({ ...Times, customer_id: text, other_store_id: text, minutes: number }),
  ),
  after_hours: maybeNumber,
  same_notes: v.array(v.object({ note: text, visits: number })),
  stores: v.array(v.object({ id: text, name: text, name_en: maybeText })),
})

export const StaffShape: Shape<StaffReport> = v.object({
  period: text,
  staff: v.array(
    v.object({
      staff_id: text,
      name: text,
      days: number,
      visits: number,
      tallied: number,
      enrolled: number,
    }),
  ),
})
