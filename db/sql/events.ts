import { and, desc, eq } from 'drizzle-orm'
import { canonicalJson } from '#model/canonical.ts'
import type { DeviceEvent } from '#model/fleet.ts'
import type { Db } from './engine.ts'
import type { Ledger } from './ledger.ts'
import { insertRows } from './rows.ts'

/** An event of a device. `detail` holds numbers and codes, never personal data. */
export interface NewEvent extends DeviceEvent {
  store_id: string
  device_id: string
}

export async function addEvents(
  ledger: Ledger,
  db: Db,
  events: readonly NewEvent[],
): Promise<void> {
  const rows = events.map((event) => ({ ...event, id: ledger.ports.uuid() }))
  await insertRows(db, ledger.t.deviceEvent, rows)
}

/** A device's events, newest first. */
export async function eventsOf(
  ledger: Ledger,
  storeId: string,
  deviceId: string,
  limit: number,
  db: Db = ledger.db,
): Promise<DeviceEvent[]> {
  const { deviceEvent } = ledger.t
  const rows = await db
    .select()
    .from(deviceEvent)
    .where(and(eq(deviceEvent.store_id, storeId), eq(deviceEvent.device_id, deviceId)))
    .orderBy(desc(deviceEvent.at), desc(deviceEvent.id))
    .limit(limit)
  return rows.map(({ at, kind, detail }) => ({ at, kind, detail }))
}

/** Whether the device's last event says something else: what is repeated is told once. */
export async function isNews(ledger: Ledger, db: Db, event: NewEvent): Promise<boolean> {
  const [last] = await eventsOf(ledger, event.store_id, event.device_id, 1, db)
  return last?.kind !== event.kind || canonicalJson(last.detail) !== canonicalJson(event.detail)
}
