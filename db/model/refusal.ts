/**
 * Why an op was not applied. Refusals are values of the protocol, not errors: the op stands in
 * the quarantine with its reason, and the batch goes on.
 */
export const REASONS = [
  'malformed', // The payload does not fit the kind's schema; `detail` names the field.
  'damaged', // The op's hash does not match its content.
  'unknown-kind',
  'unknown-field', // A later version's field: its value must not be dropped in silence.
  'not-supported', // A type that this kind or this version does not take.
  'not-your-store',
  'unknown-actor',
  'not-assigned', // The person does not work at the store of the op.
  'role', // The person's role may not write this.
  'revoked', // The device was revoked before the op arrived.
  'unknown-record',
  'unknown-customer',
  'unknown-tag',
  'erased', // The person asked to be forgotten; what the op said of them is gone, too.
  'decided', // The refused op was decided on before, or there is none.
  'merged', // The record is part of another one already, or of none where it should be.
  'exists', // A record with this id is there already.
  'fixed', // The field is set once, at creation.
  'tx', // Another op of the same group was refused.
  'fault', // Applying it failed; the fault is ours.
] as const
export type Reason = (typeof REASONS)[number]

export interface Refusal {
  reason: Reason
  /** The field or value that is meant, in the record's own terms. */
  detail?: string
}

export function refuse(reason: Reason, detail?: string): Refusal {
  return detail === undefined ? { reason } : { reason, detail }
}

export function isRefusal(value: object): value is Refusal {
  return 'reason' in value && REASONS.some((reason) => reason === value.reason)
}
