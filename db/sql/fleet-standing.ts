import { and, eq, inArray } from 'drizzle-orm'
import type { Scope } from '#model/access.ts'
import { CHAIN_KINDS, isChainKind } from '#model/kinds.ts'
import type { Op } from '#model/op.ts'
import { inScope } from './fleet-scope.ts'
import { presentHome } from './forwards.ts'
import { Groups } from './groups.ts'
import type { Ledger } from './ledger.ts'
import { loadReferences } from './reference.ts'
import { selectByKeys } from './rows.ts'

export type RefusedRow = Ledger['t']['quarantine']['$inferSelect']

type Fields = Record<string, unknown>

/** What stands where a refused op wanted to write, and whom it is about. */
export interface Standing {
  customer: { id: string; name: string } | null
  before: Fields | null
}

/** Parts of a payload that say where to write; what was to be written are the others. */
const ADDRESS = new Set(['home_store_id', 'customer_id', 'observed'])

/** What the op wanted to write, by field. */
export function afterOf({ payload }: Op): Fields {
  return Object.fromEntries(Object.entries(payload).filter(([field]) => !ADDRESS.has(field)))
}

function textIn(op: Op, field: string): string | null {
  const value = op.payload[field]
  return typeof value === 'string' ? value : null
}

const CUSTOMER_KINDS = new Set(['customer', 'consent', 'tagging', 'transfer'])

/** Whom the op is about, and where it says they live. */
function customerOf(op: Op, visits: Map<string, Fields>): { id: string; home: string } | null {
  const visit = op.kind === 'visit' ? visits.get(op.record_id) : undefined
  const isOfCustomer = CUSTOMER_KINDS.has(op.kind)
  const named = isOfCustomer ? op.record_id : (visit?.['customer_id'] ?? textIn(op, 'customer_id'))
  const home = visit?.['home_store_id'] ?? textIn(op, 'home_store_id')
  return typeof named === 'string' && typeof home === 'string' ? { id: named, home } : null
}

type CustomerColumns = Ledger['t']['customer']['$inferSelect']

async function customersAt(ledger: Ledger, scope: Scope, homes: Groups) {
  const { customer, store } = ledger.t
  const found = new Map<string, CustomerColumns>()
  for (const [home, ids] of homes.sorted()) {
    const rows = await selectByKeys(ids, (slice) =>
      ledger.db
        .select({ customer })
        .from(customer)
        .innerJoin(store, eq(store.id, customer.store_id))
        .where(
          and(eq(customer.store_id, home), inArray(customer.id, slice), inScope(ledger, scope)),
        ),
    )
    for (const row of rows) found.set(row.customer.id, row.customer)
  }
  return found
}

/** Customers by id, as far as their present home is in scope. */
async function readCustomers(
  ledger: Ledger,
  scope: Scope,
  meant: readonly { id: string; home: string }[],
): Promise<Map<string, CustomerColumns>> {
  const named = new Groups()
  for (const { id, home } of meant) named.add(home, id)
  const found = await customersAt(ledger, scope, named)
  const moved = new Groups()
  for (const { id, home } of meant) {
    const present = found.has(id) ? null : await presentHome(ledger, home, id)
    if (present !== null && present !== home) moved.add(present, id)
  }
  return new Map([...found, ...(await customersAt(ledger, scope, moved))])
}

/** Visits by id, of the stores in scope where the ops say they are. */
async function readVisits(ledger: Ledger, scope: Scope, ops: readonly Op[]) {
  const { visit, store } = ledger.t
  const groups = new Groups()
  for (const op of ops) if (op.kind === 'visit') groups.add(op.store_id, op.record_id)
  const found = new Map<string, Fields>()
  for (const [storeId, ids] of groups.sorted()) {
    const rows = await selectByKeys(ids, (slice) =>
      ledger.db
        .select({ visit })
        .from(visit)
        .innerJoin(store, eq(store.id, visit.store_id))
        .where(and(eq(visit.store_id, storeId), inArray(visit.id, slice), inScope(ledger, scope))),
    )
    for (const row of rows) found.set(row.visit.id, row.visit)
  }
  return found
}

/** Reference records by id; everybody at the desk may read them. */
async function readReferences(ledger: Ledger, ops: readonly Op[]) {
  const found = new Map<string, Fields>()
  for (const kind of CHAIN_KINDS) {
    const ids = ops.filter((op) => op.kind === kind).map((op) => op.record_id)
    for (const record of await loadReferences(ledger, ledger.db, kind, [...new Set(ids)], false))
      found.set(record.id, record.fields)
  }
  return found
}

/** The fields that the op names, as a record has them. */
function sameFields(op: Op, record: Fields | undefined): Fields | null {
  if (!record) return null
  return Object.fromEntries(Object.keys(afterOf(op)).map((field) => [field, record[field] ?? null]))
}

async function standingTags(ledger: Ledger, customer: CustomerColumns, op: Op): Promise<Fields> {
  const { tagging } = ledger.t
  const tag_id = textIn(op, 'tag_id') ?? ''
  const rows = await ledger.db
    .select({ off_at: tagging.off_at })
    .from(tagging)
    .where(
      and(
        eq(tagging.store_id, customer.store_id),
        eq(tagging.customer_id, customer.id),
        eq(tagging.tag_id, tag_id),
      ),
    )
  return { tag_id: rows.some((row) => row.off_at === null) ? tag_id : null }
}

async function beforeOf(
  ledger: Ledger,
  op: Op,
  customer: CustomerColumns | undefined,
  record: Fields | undefined,
): Promise<Fields | null> {
  if (op.kind === 'visit' || isChainKind(op.kind)) return sameFields(op, record)
  if (!customer) return null
  const { purpose, channel } = op.payload
  switch (op.kind) {
    case 'customer':
      return sameFields(op, { ...customer })
    case 'tagging':
      return standingTags(ledger, customer, op)
    case 'transfer':
      return { to_store_id: customer.store_id }
    case 'consent': {
      const isSame = (one: { purpose: string; channel: string }) =>
        one.purpose === purpose && one.channel === channel
      return sameFields(op, { ...customer.consents.find(isSame), purpose, channel })
    }
    default:
      return null
  }
}

/** Reads what stands for all these ops at once, and answers for each. */
export async function readStanding(
  ledger: Ledger,
  scope: Scope,
  rows: readonly RefusedRow[],
): Promise<(row: RefusedRow) => Standing> {
  const ops = rows.map((row) => row.op)
  const visits = await readVisits(ledger, scope, ops)
  const references = await readReferences(ledger, ops)
  const meant = new Map(ops.map((op) => [op.op_id, customerOf(op, visits)]))
  const known = [...meant.values()].flatMap((one) => one ?? [])
  const customers = await readCustomers(ledger, scope, known)
  const standings = new Map<string, Standing>()
  for (const op of ops) {
    const customer = customers.get(meant.get(op.op_id)?.id ?? '')
    const record = op.kind === 'visit' ? visits.get(op.record_id) : references.get(op.record_id)
    standings.set(op.op_id, {
      customer: customer ? { id: customer.id, name: customer.name } : null,
      before: await beforeOf(ledger, op, customer, record),
    })
  }
  return (row) => standings.get(row.op_id) ?? { customer: null, before: null }
}
