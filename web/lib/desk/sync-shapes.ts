import * as v from 'valibot'
import { DEVICE_STATES } from '#model/device.ts'
import { LOSS_CAUSES } from '#model/loss.ts'
import type {
  DecideReply,
  DeviceReport,
  LossRow,
  RefusedOp,
  SyncHour,
  SyncHours,
  SyncReport,
} from '#model/report.ts'

// Answers about the fleet, checked as all others are. Kinds of events and reasons are plain text
// here: a newer server may know more of them than this page has words for.

type Shape<T> = v.GenericSchema<unknown, T>

const number = v.number()
const text = v.string()
const maybeNumber = v.nullable(number)
const maybeText = v.nullable(text)
const maybeFlag = v.nullable(v.boolean())

const Device = v.object({
  device_id: text,
  name: text,
  store_id: text,
  state: v.picklist(DEVICE_STATES),
  last_push_at: maybeNumber,
  last_pull_at: maybeNumber,
  unsent: maybeNumber,
  oldest_unsent_at: maybeNumber,
  newest_unsent_at: maybeNumber,
  lag_ms: maybeNumber,
  app_version: maybeText,
  refused: number,
  persisted: maybeFlag,
  installed: maybeFlag,
  clock_offset_ms: maybeNumber,
  usage_bytes: maybeNumber,
  quota_bytes: maybeNumber,
  download: v.nullable(v.object({ done: number, total: number })),
  reopens: maybeNumber,
  trouble: maybeText,
  lost: number,
  behind: v.object({ store: maybeNumber, chain: maybeNumber }),
  downloaded: v.nullable(v.object({ ms: number, bytes: number })),
  keeps_erased: v.boolean(),
  emptied_at: maybeNumber,
  store_name: text,
  store_name_en: maybeText,
  region_id: maybeText,
})

export const SyncReportShape: Shape<SyncReport> = v.object({
  devices: v.array(Device),
  lag: v.object({ p50: maybeNumber, p95: maybeNumber, p99: maybeNumber, ops: number }),
  oldest_unsent_at: maybeNumber,
  quarantined: number,
  losses: number,
  lost_ops: number,
  restored_at: maybeNumber,
  generated_at: number,
})

const Hour: Shape<SyncHour | null> = v.nullable(
  v.object({
    contacts: number,
    ops: number,
    refused: number,
    unsent_max: number,
    lag_p95_ms: maybeNumber,
  }),
)

export const SyncHoursShape: Shape<SyncHours> = v.object({
  from: number,
  to: number,
  rows: v.array(
    v.object({
      store_id: text,
      store_name: text,
      store_name_en: maybeText,
      zone: text,
      hours: v.array(Hour),
    }),
  ),
})

const Loss = v.object({
  id: text,
  store_id: text,
  device_id: text,
  cause: v.picklist(LOSS_CAUSES),
  from_n: number,
  to_n: number,
  from_at: maybeNumber,
  to_at: maybeNumber,
  staff_ids: v.array(text),
  found_at: number,
  state: v.picklist(['open', 'recovered', 'accepted']),
  closed_at: maybeNumber,
  device_name: text,
  store_name: text,
  store_name_en: maybeText,
  staff_names: v.array(text),
})
export const LossesShape: Shape<LossRow[]> = v.array(Loss)

/** An event whose kind may be newer than this page. */
export interface EventRow {
  at: number
  kind: string
  detail: DeviceReport['events'][number]['detail']
}
export type DevicePage = Omit<DeviceReport, 'events'> & { events: EventRow[] }

export const DeviceReportShape: Shape<DevicePage> = v.object({
  device: Device,
  from: number,
  hours: v.array(Hour),
  events: v.array(
    v.object({
      at: number,
      kind: text,
      detail: v.record(text, v.nullable(v.union([text, number, v.boolean()]))),
    }),
  ),
  losses: v.array(Loss),
})

const values = v.record(text, v.unknown())

export const RefusedOpsShape: Shape<RefusedOp[]> = v.array(
  v.object({
    op_id: text,
    store_id: text,
    store_name: text,
    store_name_en: maybeText,
    currency: maybeText,
    device_id: text,
    device_name: text,
    n: number,
    kind: text,
    type: text,
    record_id: text,
    customer_id: maybeText,
    customer_name: maybeText,
    reason: text,
    detail: maybeText,
    received_at: number,
    written_at: number,
    actor_id: text,
    actor_name: maybeText,
    after: values,
    before: v.nullable(values),
    tag: v.nullable(v.object({ label: text, label_en: maybeText })),
    decision: v.nullable(
      v.object({
        verdict: v.picklist(['reapply', 'dismiss']),
        reason: text,
        by_name: text,
        at: number,
      }),
    ),
  }),
)

export const DecideReplyShape: Shape<DecideReply> = v.object({ decision_id: text })
