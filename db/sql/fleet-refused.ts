import { and, desc, eq, inArray, ne } from 'drizzle-orm'
import type { Scope } from '#model/access.ts'
import { effectiveTime } from '#model/op.ts'
import type { RefusedOp } from '#model/report.ts'
import { inScope, namesOf, storeNames } from './fleet-scope.ts'
import type { Ledger } from './ledger.ts'
import { selectByKeys } from './rows.ts'
import { afterOf, readStanding, type RefusedRow, type Standing } from './fleet-standing.ts'

const REFUSED_MAX = 500

/** Refused ops in scope, of one device or of all, the newest first. */
async function refusedRows(
  ledger: Ledger,
  scope: Scope,
  state: 'open' | 'decided',
  deviceId: string | null,
): Promise<RefusedRow[]> {
  const { quarantine, store } = ledger.t
  const isWanted = state === 'open' ? eq(quarantine.state, 'open') : ne(quarantine.state, 'open')
  const ofDevice = deviceId === null ? undefined : eq(quarantine.device_id, deviceId)
  const rows = await ledger.db
    .select({ refused: quarantine })
    .from(quarantine)
    .leftJoin(store, eq(store.id, quarantine.store_id))
    .where(and(isWanted, ofDevice, inScope(ledger, scope)))
    .orderBy(desc(quarantine.received_at), desc(quarantine.n))
    .limit(REFUSED_MAX)
  return rows.map((row) => row.refused)
}

interface Names {
  stores: Awaited<ReturnType<typeof storeNames>>
  devices: Map<string, string>
  staff: Map<string, string>
  tags: Map<string, NonNullable<RefusedOp['tag']>>
}

function tagIdOf({ op }: RefusedRow): string | null {
  const id = op.payload['tag_id']
  return typeof id === 'string' ? id : null
}

async function tagsOf(ledger: Ledger, rows: readonly RefusedRow[]): Promise<Names['tags']> {
  const { id, label, label_en } = ledger.t.tag
  const wanted = new Set(rows.flatMap((row) => tagIdOf(row) ?? []))
  const tags = await selectByKeys([...wanted], (slice) =>
    ledger.db.select({ id, label, label_en }).from(ledger.t.tag).where(inArray(id, slice)),
  )
  return new Map(tags.map((tag) => [tag.id, { label: tag.label, label_en: tag.label_en }]))
}

async function readNames(ledger: Ledger, scope: Scope, rows: RefusedRow[]): Promise<Names> {
  const people = rows.flatMap((row) => [row.op.actor_id, row.decided_by ?? []].flat())
  const deviceIds = rows.map((row) => row.device_id)
  return {
    stores: await storeNames(ledger, scope),
    devices: await namesOf(ledger, 'device', deviceIds),
    staff: await namesOf(ledger, 'staff', people),
    tags: await tagsOf(ledger, rows),
  }
}

function decisionOf(row: RefusedRow, names: Names): RefusedOp['decision'] {
  if (row.state === 'open') return null
  return {
    verdict: row.state === 'reapplied' ? 'reapply' : 'dismiss',
    reason: row.decision_reason ?? '',
    by_name: names.staff.get(row.decided_by ?? '') ?? '',
    at: row.decided_at ?? row.received_at,
  }
}

function describe(row: RefusedRow, names: Names, standing: Standing): RefusedOp {
  const { op, op_id, store_id, device_id, n, reason, detail, received_at } = row
  const { kind, type, record_id, actor_id } = op
  const store = names.stores.get(store_id)
  return {
    op_id,
    store_id,
    store_name: store?.name ?? '',
    store_name_en: store?.name_en ?? null,
    currency: store?.currency ?? null,
    device_id,
    device_name: names.devices.get(device_id) ?? '',
    n,
    kind,
    type,
    record_id,
    customer_id: standing.customer?.id ?? null,
    customer_name: standing.customer?.name ?? null,
    reason,
    detail,
    received_at,
    written_at: effectiveTime(op, received_at),
    actor_id,
    actor_name: names.staff.get(actor_id) ?? null,
    after: afterOf(op),
    tag: names.tags.get(tagIdOf(row) ?? '') ?? null,
    before: standing.before,
    decision: decisionOf(row, names),
  }
}

/**
 * The queue of refused ops: who wrote what and when, why it was refused, and what stands there
 * instead. Customers are named where the reader may know them.
 */
export async function refusedOps(
  ledger: Ledger,
  scope: Scope,
  state: 'open' | 'decided',
  deviceId: string | null = null,
): Promise<RefusedOp[]> {
  const rows = await refusedRows(ledger, scope, state, deviceId)
  const names = await readNames(ledger, scope, rows)
  const standings = await readStanding(ledger, scope, rows)
  return rows.map((row) => describe(row, names, standings(row)))
}
