import * as v from 'valibot'
import { Alert } from './alert.ts'
import { AlertRule } from './alert-rule.ts'
import { ConsentSet } from './consent.ts'
import { CustomerCreate, CustomerErase, CustomerSet } from './customer.ts'
import { DecisionMade } from './decision.ts'
import { Device } from './device.ts'
import { CustomerMerge, CustomerUnmerge } from './merge.ts'
import type { OpType } from './op.ts'
import { HomeKept } from './home-proposal.ts'
import { PeriodClose, StatementNote } from './period-close.ts'
import { Region } from './region.ts'
import { ScoreSetting } from './score-setting.ts'
import { Downtime, SitePurpose, SiteReview } from './site.ts'
import { Staff, type Role } from './staff.ts'
import { Store } from './store.ts'
import { Tag, TagGroup, TagOff, TagOn } from './tag.ts'
import { textFault } from './text.ts'
import { Transfer } from './transfer.ts'
import { VisitLogged, VisitSet } from './visit.ts'

/** How two edits of one record meet. */
export type MergeRule =
  | 'newest-per-field' // Each field goes to its later writer.
  | 'most-restrictive' // Consent: a refusal stands until a later grant with proof.
  | 'observed-remove' // Tags: add wins over a removal that did not see it.
  | 'append-only' // It happened; it may be voided, never rewritten.

/**
 * Who receives a record: every device, the home store and the stores linked to it, the store it
 * happened at; or no device at all, because only the desk reads it.
 */
export type FeedRule = 'chain' | 'customer' | 'store' | 'desk'

type PayloadSchema = v.GenericSchema<unknown, Record<string, unknown>>

/** What is said about a record kind, once, for sync, storage, access, import and export. */
export interface Kind {
  merge: MergeRule
  feed: FeedRule
  /** The schema of the payload of each op type that the kind takes. */
  takes: Partial<Record<OpType, PayloadSchema>>
  /** Fields set at creation and refused in `set`. */
  fixed: readonly string[]
  write: readonly Role[]
  /** Types that only some of `write` may use. */
  only?: Partial<Record<OpType, readonly Role[]>>
}

const PATH_MAX_CHARS = 80

const HEADQUARTERS: readonly Role[] = ['hq', 'admin']
const MANAGERS: readonly Role[] = ['store-manager', 'regional', 'hq', 'admin']
const EVERYONE: readonly Role[] = ['clerk', 'store-manager', 'regional', 'hq', 'admin']

const reference = (
  schema: v.ObjectSchema<v.ObjectEntries, undefined>,
  fixed: readonly string[] = [],
): Kind => ({
  merge: 'newest-per-field',
  feed: 'chain',
  takes: { create: schema, set: v.partial(schema) },
  fixed,
  write: HEADQUARTERS,
})

/** What the desk keeps for itself: settings, rules, notes. Small, few, and on no tablet. */
const desk = (
  schema: v.ObjectSchema<v.ObjectEntries, undefined>,
  fixed: readonly string[],
  write: readonly Role[] = HEADQUARTERS,
): Kind => ({ ...reference(schema, fixed), feed: 'desk', write })

/** The only table that knows every kind. Sync, storage and screens loop over it. */
export const kinds = {
  region: reference(Region),
  // Figures keep the region in which a visit happened, so a store's region and clock are facts.
  store: reference(Store, ['region_id', 'zone', 'cutoff_minutes', 'currency', 'type']),
  staff: reference(Staff),
  device: reference(Device, ['at', 'role']),
  tag_group: reference(TagGroup),
  tag: reference(Tag, ['group_id']),
  customer: {
    merge: 'newest-per-field',
    feed: 'customer',
    takes: {
      create: CustomerCreate,
      set: CustomerSet,
      erase: CustomerErase,
      merge: CustomerMerge,
      unmerge: CustomerUnmerge,
    },
    fixed: [],
    write: EVERYONE,
    only: { erase: HEADQUARTERS, merge: MANAGERS, unmerge: MANAGERS },
  },
  // Ends one home and begins the next; `record_id` is the customer's.
  transfer: {
    merge: 'append-only',
    feed: 'customer',
    takes: { set: Transfer },
    fixed: [],
    write: MANAGERS,
  },
  consent: {
    merge: 'most-restrictive',
    feed: 'customer',
    takes: { set: ConsentSet },
    fixed: [],
    write: EVERYONE,
  },
  tagging: {
    merge: 'observed-remove',
    feed: 'customer',
    takes: { 'tag+': TagOn, 'tag-': TagOff },
    fixed: [],
    write: EVERYONE,
  },
  visit: {
    merge: 'append-only',
    feed: 'store',
    takes: { visit: VisitLogged, set: VisitSet, void: v.object({}) },
    fixed: [],
    write: EVERYONE,
  },
  // What a person decided about a refused op or a loss; it travels to the store's devices.
  decision: {
    merge: 'append-only',
    feed: 'store',
    takes: { create: DecisionMade },
    fixed: [],
    write: MANAGERS,
  },
  period_close: desk(PeriodClose, ['period']),
  home_kept: desk(HomeKept, ['customer_id'], MANAGERS),
  site_purpose: desk(SitePurpose, ['store_id']),
  site_review: desk(SiteReview, ['store_id', 'quarter']),
  downtime: desk(Downtime, ['store_id'], MANAGERS),
  statement_note: desk(StatementNote, ['scope', 'period', 'line'], MANAGERS),
  alert_rule: desk(AlertRule, []),
  // What people did about an alert; the alert itself is derived.
  alert: desk(Alert, ['rule_id', 'store_id', 'first_day'], MANAGERS),
  score_setting: desk(ScoreSetting, []),
} as const satisfies Record<string, Kind>

export type KindName = keyof typeof kinds

/** Kinds that live in the chain's book and that every device holds. */
export const REFERENCE_KINDS = ['region', 'store', 'staff', 'device', 'tag_group', 'tag'] as const
export type ReferenceKind = (typeof REFERENCE_KINDS)[number]

/** Kinds that live in the chain's book and that the desk alone reads. */
export const DESK_KINDS = [
  'period_close',
  'statement_note',
  'home_kept',
  'site_purpose',
  'site_review',
  'downtime',
  'alert_rule',
  'alert',
  'score_setting',
] as const
export type DeskKind = (typeof DESK_KINDS)[number]

/** Kinds whose records are fields with stamps, in the chain's book. */
export const CHAIN_KINDS = [...REFERENCE_KINDS, ...DESK_KINDS] as const
export type ChainKind = (typeof CHAIN_KINDS)[number]

export function kindOf(name: string): Kind | null {
  return Object.hasOwn(kinds, name) ? kinds[name as KindName] : null
}

export function isReference(name: string): name is ReferenceKind {
  return REFERENCE_KINDS.some((kind) => kind === name)
}

export function isDeskKind(name: string): name is DeskKind {
  return DESK_KINDS.some((kind) => kind === name)
}

export function isChainKind(name: string): name is ChainKind {
  return isReference(name) || isDeskKind(name)
}

/**
 * The payload as the kind's schema reads it, or the path of the first thing wrong with it and a
 * code. The detail is stored and shown, so it never holds a value, nor a key that is no text of
 * ours: PostgreSQL would refuse it, and with it the whole push.
 */
export function readPayload(
  schema: PayloadSchema,
  payload: unknown,
): { ok: true; value: Record<string, unknown> } | { ok: false; detail: string } {
  const result = v.safeParse(schema, payload)
  if (result.success) return { ok: true, value: result.output }
  const [issue] = result.issues
  const code = /^[a-z-]+$/.test(issue.message) ? issue.message : issue.type
  const path = v.getDotPath(issue)
  if (path === null) return { ok: false, detail: code }
  const isPlain = path.length <= PATH_MAX_CHARS && textFault(path) === null
  return { ok: false, detail: `${isPlain ? path : path.split('.', 1).join()}: ${code}` }
}
