import { expect, test, vi } from 'vitest'
import type { SyncReport } from '#model/report.ts'
import type { DeviceRow } from './devices.ts'
import { LiveFleet } from './live-fleet.svelte.ts'
import { DeskError } from './trouble.ts'

function device(device_id: string, refused = 0): DeviceRow {
  return {
    device_id,
    name: device_id,
    store_id: 's1',
    store_name: 's1',
    region_id: null,
    state: 'fresh',
    last_push_at: 1,
    last_pull_at: 1,
    unsent: 0,
    oldest_unsent_at: null,
    lag_ms: null,
    app_version: null,
    refused,
    persisted: null,
    clock_offset_ms: null,
    newest_unsent_at: null,
    installed: null,
    usage_bytes: null,
    quota_bytes: null,
    download: null,
    reopens: null,
    trouble: null,
    lost: 0,
    behind: { store: 0, chain: 0 },
    downloaded: null,
    keeps_erased: false,
    emptied_at: null,
    store_name_en: null,
  }
}

const report = (...devices: DeviceRow[]): SyncReport => ({
  devices,
  lag: { p50: null, p95: null, p99: null, ops: 0 },
  oldest_unsent_at: null,
  quarantined: 0,
  losses: 0,
  lost_ops: 0,
  restored_at: null,
  generated_at: 0,
})
const ids = (fleet: LiveFleet) => fleet.rows.map((row) => row.device_id)

test('a refresh changes what rows say and not where they stand', async () => {
  const fleet = new LiveFleet(() =>
    Promise.resolve(report(device('a'), device('b', 3), device('c'))),
  )
  fleet.begin(report(device('a'), device('b')))
  await fleet.refresh()
  expect(ids(fleet)).toEqual(['a', 'b'])
  expect(fleet.rows[1]?.refused).toBe(3)
  expect(fleet.isMoved).toBe(true)
  fleet.arrange()
  expect(ids(fleet)).toEqual(['b', 'a', 'c'])
  expect(fleet.isMoved).toBe(false)
})

test('a refresh that fails keeps what was read before, and says so', async () => {
  const fleet = new LiveFleet(() => Promise.reject(new DeskError('offline')))
  fleet.begin(report(device('a')))
  await fleet.refresh()
  expect(ids(fleet)).toEqual(['a'])
  expect(fleet.trouble?.code).toBe('offline')
})

test('news is heard and leads to one reading, however often it comes', async () => {
  let reads = 0
  let hear: () => void = () => undefined
  const fleet = new LiveFleet(
    () => Promise.resolve(report(device(`read ${String((reads += 1))}`))),
    (onNews) => {
      hear = onNews
      return () => (hear = () => undefined)
    },
  )
  vi.useFakeTimers()
  vi.stubGlobal('document', Object.assign(new EventTarget(), { visibilityState: 'visible' }))
  const stop = fleet.run()
  for (let news = 0; news < 20; news += 1) hear()
  await vi.advanceTimersByTimeAsync(2_000)
  expect(reads).toBe(1)
  stop()
  hear()
  await vi.advanceTimersByTimeAsync(60_000)
  expect(reads).toBe(1)
  vi.unstubAllGlobals()
  vi.useRealTimers()
})
