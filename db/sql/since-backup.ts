import { and, asc, eq, inArray } from 'drizzle-orm'
import type { Loss } from '#model/loss.ts'
import type { Draft } from '#model/op.ts'
import { ensureDesk, revokeDevice } from './devices.ts'
import { keepErased, listErased } from './erase.ts'
import type { Ledger } from './ledger.ts'
import { saveLosses } from './loss.ts'
import { openLedgerToRead } from './open-ledger.ts'
import { nodePorts } from './ports.ts'
import { selectByKeys } from './rows.ts'
import { type Writer, writeDrafts } from './write.ts'

// What the ledger that is put aside knows and its backup does not. Tablets bring their own work
// back. Two things must not come back: people who were forgotten, and devices that were shut out.

interface Written {
  n: number
  at: number
  by: string
}

/** Read from the present ledger before it is put aside. */
export interface Present {
  heads: { device_id: string; last_n: number; isTablet: boolean }[]
  /** Ops of each device that was emptied: nobody will offer them again. */
  emptied: Map<string, Written[]>
  revoked: string[]
  erased: Awaited<ReturnType<typeof listErased>>
}

/** What was written after the backup, and what of it was done again at once. */
export interface Since {
  /** Ops of tablets: they come back by themselves, as far as the tablets still hold them. */
  tabletOps: number
  /** Ops of tablets that were revoked and emptied since: the loss ledger names them. */
  emptiedOps: number
  /** Ops of the desk and of imports: nobody brings them back. */
  otherOps: number
  /** Tablets that were enrolled after the backup, and have to be enrolled again. */
  newTablets: number
  revokedAgain: number
  erasedAgain: number
  /** Erasures that were refused, by customer: a person has to see to them. */
  notErased: string[]
}

/** Null when there is no ledger, or none that can be read. */
export async function readPresent(url: string): Promise<Present | null> {
  try {
    const ledger = await openLedgerToRead(url, nodePorts)
    try {
      return await readFrom(ledger)
    } finally {
      await ledger.close()
    }
  } catch {
    // It is being replaced because something is wrong with it; the caller says what is missing.
    return null
  }
}

async function readFrom(ledger: Ledger): Promise<Present> {
  const { device, deviceState } = ledger.t
  const states = await ledger.db
    .select({ device_id: deviceState.device_id, last_n: deviceState.last_n })
    .from(deviceState)
  const devices = await ledger.db.select().from(device)
  const tablets = new Set(devices.flatMap((one) => (one.role === 'tablet' ? [one.id] : [])))
  return {
    heads: states.map((state) => ({ ...state, isTablet: tablets.has(state.device_id) })),
    emptied: await emptiedIn(ledger),
    revoked: devices.flatMap((one) => (one.state === 'revoked' ? [one.id] : [])),
    erased: await listErased(ledger),
  }
}

/** Read from the events, which a ledger of an older version has too. */
async function emptiedIn(ledger: Ledger): Promise<Present['emptied']> {
  const { deviceEvent, op } = ledger.t
  const emptied = await ledger.db
    .selectDistinct({ id: deviceEvent.device_id })
    .from(deviceEvent)
    .where(eq(deviceEvent.kind, 'emptied'))
  const found: Present['emptied'] = new Map()
  for (const { id } of emptied) {
    const rows = await ledger.db
      .select({ n: op.n, at: op.effective_at, op: op.op })
      .from(op)
      .where(eq(op.device_id, id))
      .orderBy(asc(op.n))
    found.set(
      id,
      rows.map(({ n, at, op: { actor_id } }) => ({ n, at, by: actor_id })),
    )
  }
  return found
}

/** Does again in the restored ledger what must not be undone, and tells what is missing there. */
export async function carryOver(ledger: Ledger, present: Present, now: number): Promise<Since> {
  const { deviceState } = ledger.t
  const rows = await ledger.db
    .select({
      id: deviceState.device_id,
      store_id: deviceState.store_id,
      last_n: deviceState.last_n,
    })
    .from(deviceState)
  const restored = new Map(rows.map((row) => [row.id, row]))
  const since: Since = {
    tabletOps: 0,
    emptiedOps: 0,
    otherOps: 0,
    newTablets: 0,
    revokedAgain: 0,
    erasedAgain: 0,
    notErased: [],
  }
  for (const { device_id, last_n, isTablet } of present.heads) {
    const known = restored.get(device_id)
    const ahead = Math.max(0, last_n - (known?.last_n ?? 0))
    const written = present.emptied.get(device_id)
    if (written) since.emptiedOps += ahead
    else if (isTablet) since.tabletOps += ahead
    else since.otherOps += ahead
    if (isTablet && !written && !known) since.newTablets += 1
    if (written && known)
      await emptyAgain(ledger, known, written.slice(written.length - ahead), now)
  }
  const writer = await deskWriter(ledger)
  if (writer) {
    since.revokedAgain = await revokeAgain(ledger, writer, present.revoked, now)
    const erased = [...new Set(present.erased.map((row) => row.customer_id))].sort()
    await eraseAgain(ledger, writer, erased, now, since)
  }
  // A person whom the backup does not know yet must not come back with a tablet's old work. Last:
  // who is known there is found by the ways that lead to them, which end here.
  await ledger.tx((db) => keepErased(ledger, db, present.erased))
  return since
}

/** What the backup lacks of an emptied tablet is in the ledger put aside, and nowhere else. */
async function emptyAgain(
  ledger: Ledger,
  device: { id: string; store_id: string; last_n: number },
  written: readonly Written[],
  now: number,
): Promise<void> {
  const { deviceState: state } = ledger.t
  const times = written.map((one) => one.at)
  const loss: Loss = {
    id: ledger.ports.uuid(),
    store_id: device.store_id,
    device_id: device.id,
    cause: 'skipped',
    from_n: device.last_n + 1,
    to_n: written.at(-1)?.n ?? device.last_n + 1,
    from_at: Math.min(...times),
    to_at: Math.max(...times),
    staff_ids: [...new Set(written.map((one) => one.by))],
    found_at: now,
    state: 'open',
    closed_at: null,
  }
  await ledger.tx(async (db) => {
    await db.update(state).set({ emptied_at: now }).where(eq(state.device_id, device.id))
    if (written.length > 0) await saveLosses(ledger, db, [loss], now)
  })
}

/** The desk, in the name of an administrator; null when the backup is of an empty chain. */
async function deskWriter(ledger: Ledger): Promise<Writer | null> {
  const { staff } = ledger.t
  const [admin] = await ledger.db
    .select({ id: staff.id })
    .from(staff)
    .where(and(eq(staff.role, 'admin'), eq(staff.state, 'active')))
    .orderBy(asc(staff.id))
    .limit(1)
  if (!admin) return null
  return { session: await ensureDesk(ledger), actor_id: admin.id, unlock_id: null }
}

async function revokeAgain(ledger: Ledger, writer: Writer, ids: readonly string[], now: number) {
  const { device } = ledger.t
  const active = await selectByKeys([...ids].sort(), (slice) =>
    ledger.db
      .select({ id: device.id })
      .from(device)
      .where(and(inArray(device.id, slice), eq(device.state, 'active')))
      .orderBy(asc(device.id)),
  )
  for (const { id } of active) await revokeDevice(ledger, writer, id, now)
  return active.length
}

async function eraseAgain(
  ledger: Ledger,
  writer: Writer,
  ids: readonly string[],
  now: number,
  since: Since,
): Promise<void> {
  const { customer } = ledger.t
  const people = await selectByKeys([...ids].sort(), (slice) =>
    ledger.db
      .select({ id: customer.id, home: customer.store_id })
      .from(customer)
      .where(inArray(customer.id, slice))
      .orderBy(asc(customer.id)),
  )
  const drafts = people.map(({ id, home }): Draft => ({
    store_id: home,
    kind: 'customer',
    record_id: id,
    type: 'erase',
    payload: { home_store_id: home, cause: 'request' },
  }))
  for (const draft of drafts) {
    const [result] = await writeDrafts(ledger, writer, [draft], now)
    if (result?.status === 'applied') since.erasedAgain += 1
    // Another of the person's records took this one along.
    else if (result?.reason !== 'erased') since.notErased.push(draft.record_id)
  }
}
