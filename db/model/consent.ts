import * as v from 'valibot'
import { id } from './id.ts'
import { isLater } from './op.ts'
import { line } from './text.ts'

export const CONSENT_PURPOSES = ['service', 'marketing'] as const
export const CONSENT_CHANNELS = ['any', 'phone', 'sms', 'wechat', 'email'] as const
export const CONSENT_STATES = ['granted', 'refused', 'withdrawn'] as const

/** Payload of a consent op: what the customer said about one purpose on one channel. */
export const ConsentSet = v.object({
  purpose: v.picklist(CONSENT_PURPOSES),
  channel: v.picklist(CONSENT_CHANNELS),
  state: v.picklist(CONSENT_STATES),
  /** How the customer said so ("signed form", "told at the counter"); a new opt-in needs it. */
  proof: v.optional(line(200)),
  /** Version of the wording that was read out. */
  wording: v.optional(line(40)),
  home_store_id: id,
})
export type ConsentSet = v.InferOutput<typeof ConsentSet>

/** The customer's word on one purpose and channel, as it stands. */
export interface Consent {
  purpose: ConsentSet['purpose']
  channel: ConsentSet['channel']
  state: ConsentSet['state']
  at: number
  op: string
  proof?: string
}

/**
 * The most restrictive word wins: a grant stands against a refusal only if it is later and carries
 * a proof. A grant without proof is the weakest word of all, the others go by time, so this is the
 * maximum of a total order and every device ends at the same word whatever the order of arrival.
 */
export function mergeConsent(known: Consent | undefined, said: Consent): Consent {
  if (!known) return said
  const [weakKnown, weakSaid] = [isBareGrant(known), isBareGrant(said)]
  if (weakKnown !== weakSaid) return weakKnown ? said : known
  return isLater([said.at, said.op], [known.at, known.op]) ? said : known
}

function isBareGrant(consent: Consent): boolean {
  return consent.state === 'granted' && consent.proof === undefined
}
