import type { DecisionMade } from '#model/decision.ts'
import type { LossRow, RefusedOp, SyncHours, SyncReport } from '#model/report.ts'
import { type Fetch, read, write } from './request.ts'
import {
  DecideReplyShape,
  type DevicePage,
  DeviceReportShape,
  LossesShape,
  RefusedOpsShape,
  SyncHoursShape,
  SyncReportShape,
} from './sync-shapes.ts'

// What the sync dashboard reads, and the decisions it writes. Every function throws DeskError.

function ask(path: string, parts: Record<string, string>): string {
  const query = new URLSearchParams(Object.entries(parts).filter(([, value]) => value !== ''))
  return query.size === 0 ? path : `${path}?${query}`
}

export function getSync(get: Fetch): Promise<SyncReport> {
  return read(get, '/api/desk/sync', SyncReportShape)
}

/** Hours are counted since 1970; `to` is left out. */
export function getSyncHours(get: Fetch, from: number, to: number): Promise<SyncHours> {
  const path = ask('/api/desk/sync/hours', { from: String(from), to: String(to) })
  return read(get, path, SyncHoursShape)
}

export function getDevice(get: Fetch, deviceId: string): Promise<DevicePage> {
  return read(get, `/api/desk/sync/devices/${encodeURIComponent(deviceId)}`, DeviceReportShape)
}

/** Refused ops of one device, or of every device in scope when `device` is empty. */
export function getRefused(
  get: Fetch,
  device: string,
  state: 'open' | 'decided',
): Promise<RefusedOp[]> {
  return read(get, ask('/api/desk/refused', { device, state }), RefusedOpsShape)
}

export function getLosses(get: Fetch, state: 'open' | 'closed'): Promise<LossRow[]> {
  return read(get, ask('/api/desk/losses', { state }), LossesShape)
}

export async function decide(
  get: Fetch,
  decision: DecisionMade & { store_id: string },
): Promise<void> {
  await write(get, '/api/desk/decisions', decision, DecideReplyShape)
}
