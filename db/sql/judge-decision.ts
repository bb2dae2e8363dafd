import * as v from 'valibot'
import { type Actor, isHeadquarters, refuseWrite, type Session } from '#model/access.ts'
import { DecisionMade } from '#model/decision.ts'
import { CHAIN } from '#model/id.ts'
import { kinds } from '#model/kinds.ts'
import type { Op } from '#model/op.ts'
import { type Refusal, refuse } from '#model/refusal.ts'
import { PERHAPS_LATER } from '#model/versions.ts'
import { itemOf } from './load-refused.ts'
import { actorInfo, type Item, type RefusedColumns, storeInfo, type Work } from './work.ts'

/** In whose name, and through which session, an op is judged. */
export interface Authority {
  session: Session
  actor: Actor | undefined
}

/** Judges an op for its effect, asking the access of `by` and not of its author. */
export type JudgeAgain = (item: Item, by: Authority) => Refusal | null

/**
 * Decides about a refused op or a loss. A re-applied op takes effect at its own time and as its
 * author's; what is asked is the access of whoever decides. When it still cannot be, the decision
 * itself is refused with that reason.
 */
export function judgeDecision(work: Work, op: Op, at: number, again: JudgeAgain): Refusal | null {
  if (work.session.role === 'tablet') return refuse('not-supported', 'decision')
  const made = v.parse(DecisionMade, op.payload)
  return made.subject === 'op'
    ? decideOp(work, op, at, made, again)
    : decideLoss(work, op, at, made)
}

function decideOp(
  work: Work,
  op: Op,
  at: number,
  made: DecisionMade,
  again: JudgeAgain,
): Refusal | null {
  const row = work.refused.get(made.subject_id)
  if (row?.state !== 'open') return refuse('decided')
  if (made.verdict === 'accept') return refuse('malformed', 'verdict')
  const isOwn = isOfItsAuthor(op, made, row)
  const denied = isOwn ? null : refuseDecider(work, op)
  if (denied) return denied
  if (made.verdict === 'reapply') {
    if (row.op.kind === 'decision') return refuse('not-supported', 'decision')
    const by = isOwn ? authorOf(work, row) : deciderOf(work, op)
    const refusal = again(itemOf(row), by)
    if (refusal) return refusal
  }
  work.refused.set(row.op_id, {
    ...row,
    state: made.verdict === 'reapply' ? 'reapplied' : 'dismissed',
    decision_id: op.record_id,
    decision_reason: made.reason,
    decided_by: op.actor_id,
    decided_at: at,
  })
  tell(work, op, at, made, row.device_id)
  return null
}

/** A loss that is not on the books, as when ops are replayed, leaves the decision alone. */
function decideLoss(work: Work, op: Op, at: number, made: DecisionMade): Refusal | null {
  const denied = refuseDecider(work, op)
  if (denied) return denied
  if (made.verdict !== 'accept') return refuse('malformed', 'verdict')
  const loss = work.losses.get(made.subject_id)
  if (loss && loss.state !== 'open') return refuse('decided')
  if (loss) work.losses.set(loss.id, { ...loss, state: 'accepted', closed_at: at })
  tell(work, op, at, made, null)
  return null
}

function tell(work: Work, op: Op, at: number, made: DecisionMade, deviceId: string | null): void {
  const { record_id: id, actor_id: by, store_id } = op
  work.decisions.set(id, { ...made, id, device_id: deviceId, by, at, store_id })
}

function regionOf(work: Work) {
  return (storeId: string) => storeInfo(work, storeId)?.region_id ?? null
}

function refuseDecider(work: Work, op: Op): Refusal | null {
  const actor = actorInfo(work, op.actor_id)
  if (op.store_id !== CHAIN)
    return refuseWrite(work.session, actor, op, kinds.decision, regionOf(work))
  if (!actor?.active) return refuse('unknown-actor')
  return isHeadquarters(actor.role) ? null : refuse('role')
}

function deciderOf(work: Work, op: Op): Authority {
  return { session: work.session, actor: actorInfo(work, op.actor_id) }
}

/** The author and the device of the refused op, as if it had come today. */
function authorOf(work: Work, { op, device_id, store_id: book }: RefusedColumns): Authority {
  const role = book === CHAIN ? 'desk' : 'tablet'
  const session: Session = { device_id, book, role, revoked: false, actor_id: null }
  return { session, actor: actorInfo(work, op.actor_id) }
}

/** A newer server takes what it knows by now, in its author's name and with their access. */
function isOfItsAuthor(op: Op, made: DecisionMade, row: RefusedColumns): boolean {
  const reasons: readonly string[] = [...PERHAPS_LATER, 'tx']
  return (
    made.verdict === 'reapply' && op.actor_id === row.op.actor_id && reasons.includes(row.reason)
  )
}
