import { expect, test } from 'vitest'
import type { SyncReport } from '#model/report.ts'
import type { DeviceRow } from './devices.ts'
import { LiveFleet } from './live-fleet.svelte.ts'
import { DeskError } from './trouble.ts'

const view = { state: null, q: '', device: '' }

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
  }
}

const report = (...devices: DeviceRow[]): SyncReport => ({
  devices,
  quarantined: 0,
  generated_at: 0,
})
const ids = (fleet: LiveFleet) => fleet.rows.map((row) => row.device_id)

test('a refresh changes what rows say and not where they stand', async () => {
  const fleet = new LiveFleet(() =>
    Promise.resolve(report(device('a'), device('b', 3), device('c'))),
  )
  fleet.begin(report(device('a'), device('b')), view)
  await fleet.refresh()
  expect(ids(fleet)).toEqual(['a', 'b'])
  expect(fleet.rows[1]?.refused).toBe(3)
  expect(fleet.isMoved(view)).toBe(true)
  fleet.arrange(view)
  expect(ids(fleet)).toEqual(['b', 'a', 'c'])
  expect(fleet.isMoved(view)).toBe(false)
})

test('a refresh that fails keeps what was read before, and says so', async () => {
  const fleet = new LiveFleet(() => Promise.reject(new DeskError('offline')))
  fleet.begin(report(device('a')), view)
  await fleet.refresh()
  expect(ids(fleet)).toEqual(['a'])
  expect(fleet.trouble?.code).toBe('offline')
})
