import { inArray } from 'drizzle-orm'
import type { Actor } from '#model/access.ts'
import { actorOfRecord, listReference, loadReferences } from './reference.ts'
import { LedgerError } from './errors.ts'
import type { Ledger } from './ledger.ts'

/** PBKDF2-SHA256 of a PIN: hex of the salt and of the 32-byte hash. */
export interface PinHash {
  salt: string
  iterations: number
  hash: string
}

export async function actorOf(ledger: Ledger, staffId: string): Promise<Actor | null> {
  const [record] = await loadReferences(ledger, ledger.db, 'staff', [staffId], false)
  return record ? actorOfRecord(record) : null
}

export async function setPin(
  ledger: Ledger,
  staffId: string,
  pin: PinHash,
  now: number,
): Promise<void> {
  if (!(await actorOf(ledger, staffId)))
    throw new LedgerError('unknown-staff', `no staff member ${staffId}`)
  const { staffPin } = ledger.t
  const row = { ...pin, set_at: now }
  await ledger.tx((db) =>
    db
      .insert(staffPin)
      .values({ staff_id: staffId, ...row })
      .onConflictDoUpdate({ target: staffPin.staff_id, set: row }),
  )
}

/** PINs of everyone who may unlock a tablet of this store. */
export async function pinsOfStore(
  ledger: Ledger,
  storeId: string,
): Promise<(PinHash & { staff_id: string })[]> {
  const [store] = await loadReferences(ledger, ledger.db, 'store', [storeId], false)
  const region = store ? (store.fields['region_id'] ?? null) : null
  const staff = await listReference(ledger, 'staff')
  const ids = staff
    .map(({ id, ...fields }) => actorOfRecord({ id, kind: 'staff', fields, stamps: {} }))
    .filter((actor) => actor.active)
    .filter(
      (actor) =>
        actor.store_ids.includes(storeId) ||
        (actor.role === 'regional' && region !== null && actor.region_id === region),
    )
    .map((actor) => actor.id)
  if (ids.length === 0) return []
  const { staffPin } = ledger.t
  const rows = await ledger.db
    .select()
    .from(staffPin)
    .where(inArray(staffPin.staff_id, ids))
    .orderBy(staffPin.staff_id)
  return rows.map(({ set_at: _set, ...pin }) => pin)
}
