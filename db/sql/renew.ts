import { and, asc, eq, inArray, isNull } from 'drizzle-orm'
import type { Session } from '#model/access.ts'
import { CHAIN } from '#model/id.ts'
import type { Loss } from '#model/loss.ts'
import type { Draft } from '#model/op.ts'
import type { DeviceEvent } from '#model/fleet.ts'
import type { Renew, RenewReply, SelfReply } from '#model/protocol.ts'
import { addDeviceState, type DeviceColumns, lockDevice, whereDevice } from './device-state.ts'
import { ensureDesk, ensureFeed } from './devices.ts'
import { LedgerError } from './errors.ts'
import type { Db } from './engine.ts'
import { addEvents } from './events.ts'
import type { Ledger } from './ledger.ts'
import { lossesOfDevice, saveLosses } from './loss.ts'
import { loadReferences } from './reference.ts'
import { retried } from './retried.ts'
import { writeDraftsIn } from './write.ts'

// A device whose storage was lost, copied or set back goes on under a new name, by itself: no work
// may wait for a person. Its old name stays open, because a copy of it may be alive.

type Renewed = Omit<RenewReply, 'server_now'>
type Span = readonly [from: number, to: number]

/** What is left of a span of numbers without the given ones. */
function without(span: Span, taken: readonly Span[]): Span[] {
  let left: Span[] = span[0] <= span[1] ? [span] : []
  for (const [from, to] of taken)
    left = left.flatMap(([first, last]): Span[] => {
      if (to < first || from > last) return [[first, last]]
      const before: Span[] = from > first ? [[first, from - 1]] : []
      return to < last ? [...before, [to + 1, last]] : before
    })
  return left
}

/** What the old name had written and neither sent nor kept, except what is on record already. */
function newLosses(
  ledger: Ledger,
  device: DeviceColumns,
  { cause, head_n, kept }: Renew,
  known: readonly Loss[],
  now: number,
): Loss[] {
  const last = Math.max(device.max_n ?? 0, head_n)
  const taken = known.map((loss): Span => [loss.from_n, loss.to_n])
  if (kept) taken.push([kept.from_n, kept.to_n])
  return without([device.last_n + 1, last], taken).map(([from_n, to_n]) => ({
    id: ledger.ports.uuid(),
    store_id: device.store_id,
    device_id: device.device_id,
    cause,
    from_n,
    to_n,
    from_at: device.oldest_unsent_at,
    to_at: device.newest_unsent_at,
    staff_ids: device.unsent_by ?? [],
    found_at: now,
    state: 'open',
    closed_at: null,
  }))
}

/** Entries whose ops a copy of the device holds after all. */
function recovered({ kept }: Renew, known: readonly Loss[], now: number): Loss[] {
  if (!kept) return []
  return known
    .filter((loss) => loss.state === 'open' && loss.from_n >= kept.from_n && loss.to_n <= kept.to_n)
    .map((loss) => ({ ...loss, state: 'recovered', closed_at: now }))
}

/** The chain's administrator of longest standing signs for what the server does by itself. */
async function signatory(ledger: Ledger, db: Db): Promise<string> {
  const { staff } = ledger.t
  const [person] = await db
    .select({ id: staff.id })
    .from(staff)
    .where(and(eq(staff.state, 'active'), inArray(staff.role, ['admin', 'hq'])))
    .orderBy(asc(staff.role), asc(staff.id))
    .limit(1)
  if (!person) throw new LedgerError('unknown-staff', 'nobody administers the chain')
  return person.id
}

/** A new name of this device that was given out and never used: its answer was lost. */
async function unusedName(ledger: Ledger, db: Db, session: Session): Promise<string | null> {
  const { device, deviceState } = ledger.t
  const [unused] = await db
    .select({ id: device.id })
    .from(device)
    .innerJoin(
      deviceState,
      and(eq(deviceState.store_id, session.book), eq(deviceState.device_id, device.id)),
    )
    .where(
      and(
        eq(device.replaces, session.device_id),
        isNull(deviceState.last_push_at),
        isNull(deviceState.last_pull_at),
      ),
    )
    .limit(1)
  return unused?.id ?? null
}

async function writeNames(
  ledger: Ledger,
  db: Db,
  drafts: readonly Draft[],
  desk: Session,
  now: number,
): Promise<void> {
  if (drafts.length === 0) return
  const writer = { session: desk, actor_id: await signatory(ledger, db), unlock_id: null }
  const results = await writeDraftsIn(ledger, db, writer, drafts, now)
  const refused = results.find((result) => result.status !== 'applied')
  if (refused) throw new Error(`renewal was refused: ${refused.reason} ${refused.detail ?? ''}`)
}

function deviceDraft(
  recordId: string,
  type: 'create' | 'set',
  payload: Record<string, unknown>,
): Draft {
  return { store_id: CHAIN, kind: 'device', record_id: recordId, type, payload }
}

async function writeEvents(
  ledger: Ledger,
  db: Db,
  session: Session,
  newId: string,
  cause: Renew['cause'],
  now: number,
): Promise<void> {
  const event = (device_id: string, kind: DeviceEvent['kind'], detail: DeviceEvent['detail']) => ({
    store_id: session.book,
    device_id,
    at: now,
    kind,
    detail,
  })
  await addEvents(ledger, db, [
    ...(cause === 'copied' ? [event(session.device_id, 'fork', {})] : []),
    event(session.device_id, 'renewed', { cause, to: newId }),
    event(newId, 'renewed', { cause, from: session.device_id }),
  ])
}

async function renewIn(
  ledger: Ledger,
  db: Db,
  desk: Session,
  session: Session,
  body: Renew,
  newTokenHash: string,
  now: number,
): Promise<Renewed> {
  const device = await lockDevice(ledger, db, session)
  const { book: at, device_id: old } = session
  const [record] = await loadReferences(ledger, db, 'device', [old], false)
  if (!record) throw new LedgerError('unknown-device', `no device ${old}`)
  const name = String(record.fields['name'])
  const unused = await unusedName(ledger, db, session)
  const device_id = unused ?? ledger.ports.uuid()
  const fields = { name, at, role: 'tablet', state: 'active', replaces: old }
  const isOver = body.cause === 'evicted' && record.fields['state'] === 'active'
  await writeNames(
    ledger,
    db,
    [
      ...(unused === null ? [deviceDraft(device_id, 'create', fields)] : []),
      ...(isOver ? [deviceDraft(old, 'set', { state: 'replaced' })] : []),
    ],
    desk,
    now,
  )
  if (unused === null) {
    await addDeviceState(ledger, db, at, device_id)
    await writeEvents(ledger, db, session, device_id, body.cause, now)
  }
  const known = await lossesOfDevice(ledger, db, at, old)
  const losses = newLosses(ledger, device, body, known, now)
  await forgetUnsent(ledger, db, session, device)
  await db
    .insert(ledger.t.deviceToken)
    .values({ token_hash: newTokenHash, device_id, book: at, created_at: now })
    .onConflictDoNothing() // The try before was committed, and nobody heard of it.
  await ensureFeed(ledger, db, at)
  await saveLosses(ledger, db, [...recovered(body, known, now), ...losses], now)
  return { device_id, store_id: at, name, old_device_id: old }
}

/** What the old name had not sent is accounted for: it is lost, or comes under the new name. */
async function forgetUnsent(ledger: Ledger, db: Db, session: Session, device: DeviceColumns) {
  const unsent = { unsent: 0, oldest_unsent_at: null, newest_unsent_at: null, unsent_by: null }
  await db
    .update(ledger.t.deviceState)
    .set({ ...unsent, max_n: device.last_n })
    .where(whereDevice(ledger, session))
}

/**
 * Gives a tablet a new name under which it offers again what it still holds; what it had reported
 * and does not hold enters the loss ledger. A repetition gets the same name while nobody used it.
 * Throws LedgerError `unknown-device` for a session that is no living tablet's.
 */
export async function renewDevice(
  ledger: Ledger,
  session: Session,
  body: Renew,
  newTokenHash: string,
  now: number,
): Promise<Renewed> {
  if (session.role !== 'tablet' || session.revoked)
    throw new LedgerError('unknown-device', `no living tablet ${session.device_id}`)
  const desk = await ensureDesk(ledger)
  return retried(() =>
    ledger.tx((db) => renewIn(ledger, db, desk, session, body, newTokenHash, now)),
  )
}

/** What the server knows of a device whose browser has only its cookie left. */
export async function selfOf(ledger: Ledger, session: Session): Promise<SelfReply> {
  const { device, deviceState } = ledger.t
  const { device_id, book: store_id } = session
  const [record] = await ledger.db.select().from(device).where(eq(device.id, device_id))
  const [state] = await ledger.db.select().from(deviceState).where(whereDevice(ledger, session))
  if (!record || !state) throw new LedgerError('unknown-device', `no device ${device_id}`)
  const { last_n, max_n } = state
  return { device_id, store_id, name: record.name, last_n, max_n: Math.max(last_n, max_n ?? 0) }
}
