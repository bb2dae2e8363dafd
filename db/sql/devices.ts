import { and, desc, eq, gt, sql } from 'drizzle-orm'
import type { Session } from '#model/access.ts'
import { CHAIN } from '#model/id.ts'
import type { Draft } from '#model/op.ts'
import { addDeviceState, lockDevice, saveDevice } from './device-state.ts'
import { LedgerError } from './errors.ts'
import type { Db } from './engine.ts'
import { addEvents } from './events.ts'
import { keptQuery } from './kept-query.ts'
import type { Ledger } from './ledger.ts'
import { loadReferences } from './reference.ts'
import { retried } from './retried.ts'
import { type Writer, writeDraftsIn } from './write.ts'

/** A code that lets devices of one store in; the code itself is never kept. */
export interface Enrolment {
  code_hash: string
  store_id: string
  name: string
  uses: number
  until: number
  created_by: string
}

export async function createEnrolment(
  ledger: Ledger,
  { code_hash, store_id, name, uses, until, created_by }: Enrolment,
  now: number,
): Promise<void> {
  const [store] = await loadReferences(ledger, ledger.db, 'store', [store_id], false)
  if (!store) throw new LedgerError('unknown-store', `no store ${store_id}`)
  const row = { code_hash, at_store_id: store_id, name, uses_left: uses, until, created_by }
  await ledger.tx((db) => db.insert(ledger.t.enrolment).values({ ...row, created_at: now }))
}

/** Takes one use of a code, in a way that two devices cannot take the same last one. */
async function useCode(ledger: Ledger, db: Db, codeHash: string, now: number) {
  const { enrolment } = ledger.t
  const [used] = await db
    .update(enrolment)
    .set({ uses_left: sql`${enrolment.uses_left} - 1` })
    .where(
      and(eq(enrolment.code_hash, codeHash), gt(enrolment.uses_left, 0), gt(enrolment.until, now)),
    )
    .returning()
  return used ?? null
}

/** Feeds exist from the first device on, so that a pull always has an epoch to answer with. */
export async function ensureFeed(ledger: Ledger, db: Db, storeId: string): Promise<void> {
  await db
    .insert(ledger.t.feedHead)
    .values({ store_id: storeId, seq: 0, epoch: ledger.ports.uuid(), floor: 0 })
    .onConflictDoNothing()
}

export function deviceDraft(
  recordId: string,
  fields: { name: string; at: string; role: 'tablet' | 'desk' | 'import' },
): Draft {
  const payload = { ...fields, state: 'active' }
  return { store_id: CHAIN, kind: 'device', record_id: recordId, type: 'create', payload }
}

/**
 * Lets a device in: one more record of a device, written by the desk in the name of whoever gave
 * the code out. Null when the code is unknown, used up or expired.
 */
export async function enrolDevice(
  ledger: Ledger,
  codeHash: string,
  tokenHash: string,
  now: number,
): Promise<{ device_id: string; store_id: string; name: string } | null> {
  const session = await ensureDesk(ledger)
  return ledger.tx(async (db) => {
    const code = await useCode(ledger, db, codeHash, now)
    if (!code) return null
    const device_id = ledger.ports.uuid()
    const { at_store_id: book, name } = code
    const writer: Writer = { session, actor_id: code.created_by, unlock_id: null }
    const draft = deviceDraft(device_id, { name, at: book, role: 'tablet' })
    const [result] = await writeDraftsIn(ledger, db, writer, [draft], now)
    // Whoever gave the code out has left meanwhile: the code is worth nothing any more.
    if (result?.status !== 'applied') return null
    await addDeviceState(ledger, db, book, device_id)
    await ensureFeed(ledger, db, book)
    const event = { store_id: book, device_id, at: now, kind: 'enrolled' as const, detail: {} }
    await addEvents(ledger, db, [event])
    await db
      .insert(ledger.t.deviceToken)
      .values({ token_hash: tokenHash, device_id, book, created_at: now })
    return { device_id, store_id: book, name }
  })
}

const selectSession = keptQuery(
  ({ t: { device, deviceToken: token } }, db, { tokenHash }: { tokenHash: string }) =>
    db
      .select({
        device_id: token.device_id,
        book: token.book,
        role: device.role,
        state: device.state,
      })
      .from(token)
      .innerJoin(device, eq(device.id, token.device_id))
      .where(eq(token.token_hash, tokenHash)),
)

/** Whose token this is; a revoked device still has a session, which may only hand in its work. */
export async function sessionOfToken(ledger: Ledger, tokenHash: string): Promise<Session | null> {
  const [found] = await selectSession(ledger, ledger.db, { tokenHash })
  if (!found) return null
  const { device_id, book, role, state } = found
  // One that was replaced may be the living half of two copies: its work is as good as any.
  return { device_id, book, role, revoked: state === 'revoked', actor_id: null }
}

export async function revokeDevice(
  ledger: Ledger,
  writer: Writer,
  deviceId: string,
  now: number,
): Promise<void> {
  const payload = { state: 'revoked' }
  const op_id = ledger.ports.uuid()
  const draft = { store_id: CHAIN, kind: 'device', record_id: deviceId, payload, op_id }
  const revoke = async (db: Db) => {
    const [result] = await writeDraftsIn(ledger, db, writer, [{ ...draft, type: 'set' }], now)
    // The try before was committed, and nobody heard of it.
    if (result?.first === 'applied') return
    const [record] = await loadReferences(ledger, db, 'device', [deviceId], false)
    if (result?.status !== 'applied' || !record)
      throw new LedgerError('unknown-device', `no device ${deviceId}`)
    const place = { store_id: String(record.fields['at']), device_id: deviceId, at: now }
    await addEvents(ledger, db, [{ ...place, kind: 'revoked', detail: {} }])
  }
  await retried(() => ledger.tx(revoke))
}

/** Notes that a revoked device says it is empty; what it repeats is told once. */
export async function addEmptied(ledger: Ledger, session: Session, now: number): Promise<void> {
  const { book: store_id, device_id } = session
  const event = { store_id, device_id, at: now, kind: 'emptied' as const, detail: {} }
  await ledger.tx(async (db) => {
    const device = await lockDevice(ledger, db, session)
    if (device.emptied_at !== null) return
    await saveDevice(ledger, db, session, { emptied_at: now })
    await addEvents(ledger, db, [event])
  })
}

/** The chain's own device of a role, with its counter; made once by `addOwnDevice`. */
export async function ownDevice(ledger: Ledger, role: 'desk' | 'import'): Promise<Session | null> {
  const { device } = ledger.t
  const [found] = await ledger.db
    .select()
    .from(device)
    .where(and(eq(device.at, CHAIN), eq(device.role, role)))
    .orderBy(desc(device.id))
    .limit(1)
  if (!found) return null
  return { device_id: found.id, book: CHAIN, role, revoked: false, actor_id: null }
}

/** The desk's session, which every account at the desk writes through. */
export async function ensureDesk(ledger: Ledger): Promise<Session> {
  const desk = await ownDevice(ledger, 'desk')
  if (!desk) throw new LedgerError('unknown-device', 'the chain is not set up yet')
  return desk
}

/** The importer's own device, made at its first use by the desk. */
export async function ensureImporter(
  ledger: Ledger,
  actorId: string,
  now: number,
): Promise<Session> {
  const known = await ownDevice(ledger, 'import')
  if (known) return known
  const session = await ensureDesk(ledger)
  const device_id = ledger.ports.uuid()
  await ledger.tx(async (db) => {
    const writer = { session, actor_id: actorId, unlock_id: null }
    const draft = deviceDraft(device_id, { name: 'Import', at: CHAIN, role: 'import' })
    await writeDraftsIn(ledger, db, writer, [draft], now)
    await addDeviceState(ledger, db, CHAIN, device_id)
  })
  return { device_id, book: CHAIN, role: 'import', revoked: false, actor_id: null }
}
