import type { Op } from '#model/op.ts'
import { REASONS, type Reason } from '#model/refusal.ts'
import type { Messages } from '#web/i18n/zh.ts'

type Words = Messages['clerk']['outbox']

/** What an op did, in the clerk's words. */
export function opTitle(op: Pick<Op, 'kind' | 'type' | 'payload'>, words: Words): string {
  if (op.type === 'visit' && op.payload['customer_id'] === null) return words.what.tally
  const names: Record<string, string> = words.what
  return names[`${op.kind} ${op.type}`] ?? words.what.other
}

/** The customer that an op is about, when it is about one. */
export function customerOf(op: Pick<Op, 'kind' | 'type' | 'payload' | 'record_id'>): string | null {
  if (op.kind !== 'visit') return op.record_id
  const customerId = op.payload['customer_id']
  return typeof customerId === 'string' ? customerId : null
}

type Advice = keyof Words['advice']

const adviceOf: Record<Reason, Advice> = {
  malformed: 'edit',
  damaged: 'headquarters',
  'unknown-kind': 'headquarters',
  'unknown-field': 'headquarters',
  'not-supported': 'headquarters',
  'not-your-store': 'headquarters',
  'unknown-actor': 'staff',
  'not-assigned': 'staff',
  role: 'staff',
  revoked: 'headquarters',
  'unknown-record': 'headquarters',
  'unknown-customer': 'headquarters',
  'unknown-tag': 'none',
  erased: 'none',
  decided: 'none',
  merged: 'headquarters',
  exists: 'none',
  fixed: 'edit',
  tx: 'order',
  fault: 'headquarters',
}

/** Why an op was not accepted and what can be done; an unknown reason is a fault of ours. */
export function refusalWords(
  reason: string | undefined,
  detail: string | null | undefined,
  words: Words,
): { why: string; todo: string } {
  const known = REASONS.find((name) => name === reason) ?? 'fault'
  const field = detail && known === 'malformed' ? words.reasonField(detail) : ''
  return { why: words.reasons[known] + field, todo: words.advice[adviceOf[known]] }
}
