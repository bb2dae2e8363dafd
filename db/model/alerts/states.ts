import type { Alert, AlertState, AlertStep, TaskState } from '../alert.ts'

// open -> acknowledged -> acting -> resolved or false. Nothing goes back, and nothing is skipped:
// whoever confirms the task of an open alert has seen it, and whoever calls it false has looked
// into it, so one tap may take several of these steps. Each stands in the record.

type NextState = AlertStep['state']

const NEXT: Readonly<Record<AlertState, readonly NextState[]>> = {
  open: ['acknowledged'],
  acknowledged: ['acting'],
  acting: ['resolved', 'false'],
  resolved: [],
  false: [],
}

export function isOver(state: AlertState): boolean {
  return NEXT[state].length === 0
}

/** The steps from one state to another, without the first state; null when there is no way. */
export function wayTo(from: AlertState, to: NextState): NextState[] | null {
  const next = NEXT[from]
  if (next.includes(to)) return [to]
  const [only] = next
  // Only the last step has a choice, and behind it nothing follows.
  if (only === undefined || next.length > 1) return null
  const rest = wayTo(only, to)
  return rest ? [only, ...rest] : null
}

/** What people did about an alert. */
export type Handling = Pick<Alert, 'state' | 'steps' | 'task_state' | 'task_text'>

export const UNTOUCHED: Handling = { state: 'open', steps: [], task_state: null, task_text: null }
/** The task of a rule in automatic mode went out by itself. */
export const AUTOMATED: Handling = { ...UNTOUCHED, state: 'acting' }

/** What a person does about an alert, at a time in milliseconds. */
export interface AlertAct {
  to: NextState
  note: string
  /** The confirmed task, unchanged (`accepted`) or in other words; none: none is sent. */
  task: { state: Exclude<TaskState, 'declined'>; text: string } | null
  at: number
  by: string
}

/** What becomes of the proposal: a person's word on it counts once. */
function taskAfter(before: Handling, act: AlertAct, isAutomatic: boolean) {
  const { task_state, task_text } = before
  if (task_state !== null) return { task_state, task_text }
  if (act.task) return { task_state: act.task.state, task_text: act.task.text }
  if (act.to === 'acknowledged') return { task_state, task_text }
  const isAccepted = isAutomatic && act.to !== 'false'
  return { task_state: isAccepted ? ('accepted' as const) : ('declined' as const), task_text }
}

/** The handling after an act; null when there is no such way, or nothing left to propose. */
export function afterAct(before: Handling, act: AlertAct, isAutomatic: boolean): Handling | null {
  const way = wayTo(before.state, act.to)
  if (!way || (act.task && act.to !== 'acting')) return null
  const { at, by, note } = act
  const steps = way.map((state): AlertStep => ({
    state,
    at,
    by,
    note: state === act.to ? note : '',
  }))
  const task = taskAfter(before, act, isAutomatic)
  return { state: act.to, steps: [...before.steps, ...steps], ...task }
}
