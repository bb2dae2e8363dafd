import * as v from 'valibot'
import { Device } from '#model/device.ts'
import type { MetricValues } from '#model/metrics.ts'
import type { Problem } from '#model/protocol.ts'
import { Region } from '#model/region.ts'
import type { DeskSession, HistoryReport, StoresReport } from '#model/report.ts'
import { ROLES, Staff } from '#model/staff.ts'
import { Store } from '#model/store.ts'
import { Tag, TagGroup } from '#model/tag.ts'

// The desk may be older or newer than the server it speaks to, so every answer is checked before it
// is believed. Fields that a newer server adds are dropped; a missing one is a fault with a name.

type Shape<T> = v.GenericSchema<unknown, T>

const number = v.number()
const text = v.string()
const maybeNumber = v.nullable(number)
const maybeText = v.nullable(text)

const figure = v.nullable(number)
export const MetricValuesShape: Shape<MetricValues> = v.object({
  visits: figure,
  identified_rate: figure,
  visitors: figure,
  new: figure,
  returning: figure,
  active: figure,
  tag_coverage: figure,
  spend_per_visit: figure,
  returning_here: figure,
  repeat_visits: figure,
  spend_per_identified: figure,
  tallied: figure,
  sales: figure,
  identified: figure,
} satisfies Record<keyof MetricValues, typeof figure>)

export const DeskSessionShape: Shape<DeskSession> = v.object({
  staff_id: text,
  name: text,
  email: text,
  role: v.picklist(ROLES),
  region_id: maybeText,
  chain_name: text,
  today: number,
  currency: text,
  first_day: maybeNumber,
  activity_days: number,
})

const Row = v.object({
  scope: text,
  level: v.picklist(['store', 'region', 'chain']),
  region_id: maybeText,
  name: text,
  name_en: maybeText,
  code: maybeText,
  format: maybeText,
  currency: maybeText,
  now: MetricValuesShape,
  before: MetricValuesShape,
  spend_now: maybeNumber,
  spend_before: maybeNumber,
  as_of: maybeNumber,
})

export const StoresReportShape: Shape<StoresReport> = v.object({
  period: text,
  before: text,
  rows: v.array(Row),
  computed_at: number,
  dirty_days: number,
})

export const HistoryReportShape: Shape<HistoryReport> = v.object({
  scope: text,
  name: text,
  points: v.array(v.object({ period: text, from: number, to: number, values: MetricValuesShape })),
})

/** What became of one op that the desk wrote. A newer server may know more reasons than we do. */
export const WriteResultsShape = v.array(
  v.object({
    status: v.picklist(['applied', 'quarantined', 'dup']),
    first: v.exactOptional(v.picklist(['applied', 'quarantined'])),
    reason: v.exactOptional(text),
    detail: v.exactOptional(text),
  }),
)
export type WriteResult = v.InferOutput<typeof WriteResultsShape>[number]

export const ProblemShape: Shape<Problem> = v.object({
  type: v.optional(text, 'about:blank'),
  title: v.optional(text, ''),
  status: number,
  code: text,
  detail: v.exactOptional(text),
  request_id: v.exactOptional(text),
})

/** Reference data by the schemas the ledger writes by; a field that is null there is left out. */
export const ReferenceShapes = {
  store: v.array(v.object({ id: text, ...Store.entries, region_id: v.optional(maybeText, null) })),
  region: v.array(v.object({ id: text, ...Region.entries })),
  staff: v.array(v.object({ id: text, ...Staff.entries })),
  device: v.array(v.object({ id: text, ...Device.entries })),
  tag_group: v.array(v.object({ id: text, ...TagGroup.entries })),
  tag: v.array(v.object({ id: text, ...Tag.entries })),
}
export type StoreRow = v.InferOutput<typeof ReferenceShapes.store>[number]
export type RegionRow = v.InferOutput<typeof ReferenceShapes.region>[number]
export type StaffRow = v.InferOutput<typeof ReferenceShapes.staff>[number]
export type DeviceRecord = v.InferOutput<typeof ReferenceShapes.device>[number]
export type TagGroupRow = v.InferOutput<typeof ReferenceShapes.tag_group>[number]
export type TagRow = v.InferOutput<typeof ReferenceShapes.tag>[number]

export const EnrolmentShape = v.object({ code: text, expires_at: number })
export type Enrolment = v.InferOutput<typeof EnrolmentShape>

export const AccountsShape = v.array(v.object({ staff_id: text, email: text }))
export type Account = v.InferOutput<typeof AccountsShape>[number]

export const SetupStateShape = v.object({ empty: v.boolean() })
