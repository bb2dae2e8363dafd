import type { Scope } from '#model/access.ts'
import type { DeviceReport } from '#model/report.ts'
import { eventsOf } from './events.ts'
import { deviceHours } from './fleet-hours.ts'
import { HOUR_MS } from './fleet-lag.ts'
import { lossRows } from './fleet-losses.ts'
import { lostByDevice, tabletStatuses } from './fleet.ts'
import type { Ledger } from './ledger.ts'

const HOURS = 168
const EVENTS_MAX = 300

/** One tablet with a week of its store's hours, its log and its losses; null out of scope. */
export async function deviceReport(
  ledger: Ledger,
  scope: Scope,
  deviceId: string,
  now: number,
): Promise<DeviceReport | null> {
  const lost = await lostByDevice(ledger, scope, now)
  const [device] = await tabletStatuses(ledger, scope, now, lost, deviceId)
  if (!device) return null
  const { store_id } = device
  const to = Math.floor(now / HOUR_MS) + 1
  const from = to - HOURS
  const hours = await deviceHours(ledger, device, { from, to })
  const events = await eventsOf(ledger, store_id, deviceId, EVENTS_MAX)
  const losses = [
    ...(await lossRows(ledger, scope, 'open', now, deviceId)),
    ...(await lossRows(ledger, scope, 'closed', now, deviceId)),
  ]
  return { device, from, hours, events, losses }
}
