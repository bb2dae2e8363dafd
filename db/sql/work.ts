import type { Session } from '#model/access.ts'
import type { Actor } from '#model/access.ts'
import type { StampedVisit } from '#model/apply.ts'
import { businessDay } from '#model/calendar.ts'
import type { Customer, NameKey } from '#model/customer.ts'
import type { Decision } from '#model/decision.ts'
import { addFigure, type Figures } from '#model/figures.ts'
import type { Loss } from '#model/loss.ts'
import type { MovementChange } from '#model/movements.ts'
import type { Op } from '#model/op.ts'
import type { ReferenceRecord } from '#model/reference.ts'
import type { Refusal } from '#model/refusal.ts'
import type { HistoryRow } from '#model/visit.ts'
import { actorOfRecord, type StoreInfo, storeOfRecord } from './reference.ts'
import type { Db } from './engine.ts'
import type { Ledger } from './ledger.ts'
import { Staged } from './staged.ts'

/** An op on its way in. */
export interface Item {
  op: Op
  received_at: number
  at: number
  /** Set when the op was found wanting before it could be judged (its hash). */
  refusal?: Refusal
}

export interface Verdict {
  item: Item
  status: 'applied' | 'quarantined' | 'dup'
  refusal?: Refusal
}

/** A fact that a store recorded about a customer of another home: it earns a linked copy. */
export interface Touch {
  customer_id: string
  store_id: string
  day: number
}

/** A home that ended in this batch, to be left as a forwarding row in its book. */
export interface Move {
  customer_id: string
  from: string
  to: string
  day: number
}

/** A refused op as the quarantine has it. */
export type RefusedColumns = Ledger['t']['quarantine']['$inferSelect']

/** A decision and the store to whose devices it goes. */
export interface StoreDecision extends Decision {
  store_id: string
}

/** Everything one batch needs in memory: what was loaded, what it changes, what follows. */
export interface Work {
  ledger: Ledger
  db: Db
  session: Session
  /** Who may write before anybody is on the books (first-run setup). */
  founder: Actor | null
  references: Staged<ReferenceRecord>
  customers: Staged<Customer>
  visits: Staged<StampedVisit>
  /** Refused ops that the batch's decisions are about, by op id. */
  refused: Staged<RefusedColumns>
  /** Losses that the batch finds or closes, by id. */
  losses: Staged<Loss>
  /** What the batch's decisions tell the devices, by id. */
  decisions: Staged<StoreDecision>
  /** History as loaded, per customer, by `historyKey`. */
  history: Map<string, Map<string, HistoryRow>>
  /** Linked stores per customer with the day of the last fact. */
  links: Map<string, Map<string, number>>
  touches: Touch[]
  moves: Move[]
  /** Customers of the batch's ops who were erased before. */
  forgotten: Set<string>
  /** Visits of erased customers that nobody kept, by `visitKey`. */
  forgottenVisits: Set<string>
  /** Whom each visit of the batch's ops is about, by `visitKey`; null for a tally. */
  visitors: Map<string, string | null>
  /** Erase ops of this batch, by customer. */
  erasures: Map<string, string>
  /** Figure differences per book. */
  figures: Map<string, Figures>
  /** Movements to write or to take away, per customer. */
  movements: Map<string, MovementChange[]>
  /** Names that were read in this batch: both the record and its feed rows want the key. */
  nameKeys: Map<string, NameKey>
}

export function newWork(ledger: Ledger, db: Db, session: Session, founder: Actor | null): Work {
  return {
    ledger,
    db,
    session,
    founder,
    references: new Staged(),
    customers: new Staged(),
    visits: new Staged(),
    refused: new Staged(),
    losses: new Staged(),
    decisions: new Staged(),
    history: new Map(),
    links: new Map(),
    touches: [],
    moves: [],
    forgotten: new Set(),
    forgottenVisits: new Set(),
    visitors: new Map(),
    erasures: new Map(),
    figures: new Map(),
    movements: new Map(),
    nameKeys: new Map(),
  }
}

export function historyKey(day: number, storeId: string): string {
  return `${day}|${storeId}`
}

export function visitKey(storeId: string, visitId: string): string {
  return `${storeId}|${visitId}`
}

export function storeInfo(work: Work, storeId: string): StoreInfo | null {
  const record = work.references.get(storeId)
  return record?.kind === 'store' ? storeOfRecord(record) : null
}

export function actorInfo(work: Work, actorId: string): Actor | undefined {
  const record = work.references.get(actorId)
  if (record?.kind === 'staff') return actorOfRecord(record)
  return work.founder?.id === actorId ? work.founder : undefined
}

export function tagGroupOf(work: Work, tagId: string): string | null {
  const record = work.references.get(tagId)
  return record?.kind === 'tag' ? String(record.fields['group_id']) : null
}

/** The business day of an instant at a store; the chain's own book has no clock and uses UTC. */
export function dayAt(work: Work, storeId: string, at: number): number {
  const store = storeInfo(work, storeId)
  return businessDay(at, store?.zone ?? 'UTC', store?.cutoff_minutes ?? 0)
}

export function addToBook(work: Work, storeId: string, difference: Figures): void {
  let book = work.figures.get(storeId)
  if (!book) work.figures.set(storeId, (book = new Map()))
  for (const [key, amount] of difference) addFigure(book, key, amount)
}

/** The pinyin of a name, read once per batch: the table of readings is slow. */
export function nameKeyOf(work: Work, name: string): NameKey {
  let key = work.nameKeys.get(name)
  if (!key) work.nameKeys.set(name, (key = work.ledger.ports.readName(name)))
  return key
}
