import type { Alert, TaskState } from '../alert.ts'

// The machine proposes, a person confirms. Where people confirmed nearly all of what a rule
// proposed, its tasks go out by themselves; where they stop to, it asks again.

/** So many of the latest decisions are looked at, and that share of them must be acceptances. */
export const DECISIONS_NEEDED = 20
export const ACCEPTED_SHARE = 0.8

export interface TaskDecision {
  state: TaskState
  at: number
}

/** What people decided about the proposals of a rule, in any order. */
export function decisionsOf(
  alerts: readonly Pick<Alert, 'task_state' | 'steps'>[],
): TaskDecision[] {
  return alerts.flatMap(({ task_state: state, steps }) => {
    const decided = steps.find((step) => step.state !== 'acknowledged')
    return state !== null && decided ? [{ state, at: decided.at }] : []
  })
}

export interface Acceptance {
  /** Of the latest decisions, at most 20. */
  decided: number
  accepted: number
}

/**
 * How the latest proposals before a time were taken. One sent in other words counts as not
 * accepted: by itself it would have gone out in the wrong ones.
 */
export function acceptance(decisions: readonly TaskDecision[], before = Infinity): Acceptance {
  const latest = decisions
    .filter(({ at }) => at < before)
    .sort((a, b) => b.at - a.at)
    .slice(0, DECISIONS_NEEDED)
  return { decided: latest.length, accepted: latest.filter((d) => d.state === 'accepted').length }
}

/** Whether a rule with this acceptance sends its tasks by itself. */
export function isAutomatic({ decided, accepted }: Acceptance): boolean {
  return decided >= DECISIONS_NEEDED && accepted >= ACCEPTED_SHARE * decided
}
