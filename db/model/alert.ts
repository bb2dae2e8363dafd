import * as v from 'valibot'
import { TASK_MAX_CHARS } from './alert-rule.ts'
import { id } from './id.ts'
import { prose } from './text.ts'

/** Alerts are derived from rules and figures; stored is only what people did about one. */
export const ALERT_STATES = ['open', 'acknowledged', 'acting', 'resolved', 'false'] as const
export type AlertState = (typeof ALERT_STATES)[number]

/** What became of the task that was proposed. */
export const TASK_STATES = ['accepted', 'edited', 'declined'] as const
export type TaskState = (typeof TASK_STATES)[number]

export const STEP_NOTE_MAX_CHARS = 500
const STEPS_MAX = 20

export const AlertStep = v.object({
  state: v.picklist(['acknowledged', 'acting', 'resolved', 'false']),
  /** Milliseconds, by the server's clock. */
  at: v.pipe(v.number(), v.integer()),
  by: id,
  note: prose(STEP_NOTE_MAX_CHARS),
})
export type AlertStep = v.InferOutput<typeof AlertStep>

/** The record's id is that of the alert: a hash of rule, store and the episode's first day. */
export const Alert = v.object({
  rule_id: id,
  store_id: id,
  first_day: v.pipe(v.number(), v.integer()),
  state: v.picklist(ALERT_STATES),
  /** In the order of time; the last one says the state. */
  steps: v.pipe(v.array(AlertStep), v.minLength(1), v.maxLength(STEPS_MAX)),
  task_state: v.nullable(v.picklist(TASK_STATES)),
  /** The task as it was confirmed. */
  task_text: v.nullable(prose(TASK_MAX_CHARS)),
})
export type Alert = v.InferOutput<typeof Alert>

export interface KnownAlert extends Alert {
  id: string
}

export function readAlert(row: { id: string }): KnownAlert | null {
  const read = v.safeParse(Alert, row)
  return read.success ? { ...read.output, id: row.id } : null
}
