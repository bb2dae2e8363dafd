import { DEVICE_STATES, type DeviceState } from '#model/device.ts'
import type { Period } from '#model/period.ts'
import type { ReportRow, SyncReport } from '#model/report.ts'
import type { StatusShape, StatusTone } from '#web/ui/status-shapes.ts'
import { SYNC_FINDS, type SyncFind, type SyncView } from './address.ts'

// The fleet on one page: what needs a person stands on top, and a refresh never moves a row.

export type DeviceRow = SyncReport['devices'][number]

/** How each state is drawn: the shape alone tells it, colour only helps. */
export const STATE_MARKS: Record<DeviceState, { shape: StatusShape; tone: StatusTone }> = {
  fresh: { shape: 'check', tone: 'ok' },
  quiet: { shape: 'circle', tone: 'neutral' },
  stale: { shape: 'triangle', tone: 'warn' },
  missing: { shape: 'square', tone: 'bad' },
  never: { shape: 'hatched', tone: 'unknown' },
  revoked: { shape: 'ban', tone: 'neutral' },
}

const URGENCY: readonly DeviceState[] = ['missing', 'stale', 'quiet', 'fresh', 'never', 'revoked']

export function countStates(devices: readonly DeviceRow[]): Record<DeviceState, number> {
  const counts = { revoked: 0, never: 0, missing: 0, stale: 0, quiet: 0, fresh: 0 }
  for (const device of devices) counts[device.state] += 1
  return counts
}

export function lastContactAt(device: DeviceRow): number | null {
  const times = [device.last_push_at, device.last_pull_at].filter((at) => at !== null)
  return times.length === 0 ? null : Math.max(...times)
}

/** Infinite ones are equal; their difference would be no number. */
function compare(a: number, b: number): number {
  return a === b ? 0 : a - b
}

/** How near a device is to the next alarm: what it holds unsent, by age. */
function unsentSince(device: DeviceRow): number {
  return (device.unsent ?? 0) > 0 ? (device.oldest_unsent_at ?? Infinity) : Infinity
}

/** What waits for a person, then the worst state, the oldest unsent work, the longest silence. */
export function byUrgency(a: DeviceRow, b: DeviceRow): number {
  return (
    Number(b.refused + b.lost > 0) - Number(a.refused + a.lost > 0) ||
    URGENCY.indexOf(a.state) - URGENCY.indexOf(b.state) ||
    compare(unsentSince(a), unsentSince(b)) ||
    (lastContactAt(a) ?? 0) - (lastContactAt(b) ?? 0) ||
    a.device_id.localeCompare(b.device_id)
  )
}

/** More than this and a tablet's own times say little; see decision 13. */
export const CLOCK_ALARM_MS = 5 * 60_000
/** Above this share of its room a tablet may be unable to save before long. */
const FULL_SHARE = 0.9

/** What each filter beside the state asks of a device. */
const FINDS: Record<SyncFind, (device: DeviceRow) => boolean> = {
  unsent: ({ unsent }) => (unsent ?? 0) > 0,
  refused: ({ refused }) => refused > 0,
  lost: ({ lost }) => lost > 0,
  erased: ({ keeps_erased }) => keeps_erased,
  clock: ({ clock_offset_ms }) => Math.abs(clock_offset_ms ?? 0) > CLOCK_ALARM_MS,
  storage: ({ persisted, usage_bytes, quota_bytes, reopens }) =>
    persisted === false ||
    (reopens ?? 0) > 0 ||
    (usage_bytes ?? 0) > (quota_bytes ?? Infinity) * FULL_SHARE,
}

/** A filter's text form in the search box: `state:stale`, `find:unsent`. */
function matchesWord(device: DeviceRow, word: string, text: string): boolean {
  const [name, value = ''] = word.split(':')
  if (name === 'state') return device.state === value
  const find = name === 'find' ? SYNC_FINDS.find((one) => one === value) : undefined
  return find ? FINDS[find](device) : text.includes(word)
}

export function filterDevices(devices: readonly DeviceRow[], view: SyncView): DeviceRow[] {
  const words = view.q.toLowerCase().split(/\s+/).filter(Boolean)
  return devices.filter((device) => {
    if (view.state !== null && device.state !== view.state) return false
    if (view.find !== null && !FINDS[view.find](device)) return false
    const names = [device.name, device.store_name, device.store_name_en, device.app_version]
    const text = names.join(' ').toLowerCase()
    return words.every((word) => matchesWord(device, word, text))
  })
}

/** Filtered and in order: the list as it is drawn anew. */
export function arrange(devices: readonly DeviceRow[], view: SyncView): DeviceRow[] {
  return filterDevices(devices, view).sort(byUrgency)
}

/** The newest word on the devices that are on screen, each where it stood. */
export function holdPlaces(order: readonly string[], devices: readonly DeviceRow[]): DeviceRow[] {
  const byId = new Map(devices.map((device) => [device.device_id, device]))
  return order.flatMap((deviceId) => byId.get(deviceId) ?? [])
}

/** Whether drawing the list anew would move, add or drop a row. */
export function hasMoved(order: readonly string[], arranged: readonly DeviceRow[]): boolean {
  return (
    order.length !== arranged.length ||
    arranged.some((device, index) => device.device_id !== order[index])
  )
}

/**
 * How far a store's figures can be trusted. `silent` says that no device of it has been heard for
 * so long that the period may still grow; `state` is that of its best device in use.
 */
export interface StoreFreshness {
  state: DeviceState | null
  /** Devices in use (not revoked), and those of them that are stale, missing or never synced. */
  devices: number
  overdue: number
  silent: boolean
  as_of: number | null
}

const OVERDUE: readonly DeviceState[] = ['stale', 'missing', 'never']
const DAY_MS = 86_400_000

export function storeFreshness(
  row: Pick<ReportRow, 'as_of'>,
  devices: readonly DeviceRow[],
  period: Period,
): StoreFreshness {
  const used = devices.filter((device) => device.state !== 'revoked')
  const best = [...DEVICE_STATES]
    .reverse()
    .find((state) => used.some((device) => device.state === state))
  const overdue = used.filter((device) => OVERDUE.includes(device.state)).length
  // A zone may lie up to a day away, so the last day of the period counts as a day longer.
  const isWhole = row.as_of !== null && row.as_of >= (period.to + 1) * DAY_MS
  return {
    state: best ?? null,
    devices: used.length,
    overdue,
    silent: used.length > 0 && overdue === used.length && !isWhole,
    as_of: row.as_of,
  }
}

export function devicesByStore(report: SyncReport | null): Map<string, DeviceRow[]> {
  const found = new Map<string, DeviceRow[]>()
  for (const device of report?.devices ?? []) {
    const known = found.get(device.store_id)
    if (known) known.push(device)
    else found.set(device.store_id, [device])
  }
  return found
}
