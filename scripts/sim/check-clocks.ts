// What the server makes of the times that tablets with a wrong clock write. The simulation knows
// the true time of every entry. A tablet measures its clock by each answer of the server, and is
// off by half the time that the answer took at most. So an entry that was written after a
// measurement, and before anybody set the clock again, is dated as right as that; any other is at
// least not dated later than it was received.
import { metaOnDisk } from './disk.ts'
import type { Clocks, Memory } from './memory.ts'
import { TIMEOUT_MS } from './network.ts'
import type { Tablet } from './tablet.ts'
import type { World } from './world.ts'

/** An answer is waited for so long; the measurement counts from the middle, in whole ms. */
const ERROR_MAX_MS = TIMEOUT_MS / 2 + 1
/** Clocks that are further off would be seen to be wrong without any correction. */
const NOTABLE_MS = 60_000

function measurementOf({ database }: Tablet): string {
  const clock = metaOnDisk(database, 'clock')
  return clock ? `${clock.offset_ms} at ${clock.measured_at}` : ''
}

function offsetOf(measurement: string): string | undefined {
  return measurement.split(' ', 1)[0]
}

/** The template's tablets had right clocks; those of the world were set since. */
export function beginClocks(world: World): Clocks {
  const clocks: Clocks = { measured: new Map(), current: new Map(), times: new Map() }
  for (const tablet of world.tablets) clocks.measured.set(measurementOf(tablet), 0)
  return clocks
}

/** Notes when a tablet's new entries were written, and then how well it knows its clock now. */
export function noteClock(world: World, tablet: Tablet, { clocks, truth }: Memory): void {
  const { measured, current, times } = clocks
  const known = measured.get(current.get(tablet) ?? '')
  for (const [id, { op }] of truth.disks.get(tablet) ?? []) {
    if (times.has(id) || !world.saved.has(id)) continue
    const isMeasured = known === tablet.skewMs
    times.set(id, { at: op.ts_wall - tablet.skewMs, isMeasured })
    if (isMeasured && Math.abs(tablet.skewMs) > NOTABLE_MS) world.count('written by a wrong clock')
  }
  const measurement = measurementOf(tablet)
  const before = current.get(tablet) ?? ''
  current.set(tablet, measurement)
  if (measured.has(measurement)) return
  // A new name takes the offset over, and knows no more than was known.
  if (offsetOf(before) === offsetOf(measurement)) {
    measured.set(measurement, known ?? NaN)
    return
  }
  const { measured_at = 0 } = metaOnDisk(tablet.database, 'clock') ?? {}
  const isSteady = measured_at - tablet.skewMs > tablet.clockSetAt + TIMEOUT_MS
  measured.set(measurement, isSteady ? tablet.skewMs : NaN)
}

/** After each step: every entry on the server is dated by its true time. */
export function checkTimes(world: World, { clocks, truth }: Memory): void {
  for (const { op_id, device_id, n, effective_at, received_at } of truth.server.ops) {
    const time = clocks.times.get(op_id)
    if (!time) continue
    const error = effective_at - time.at
    if (effective_at > received_at)
      world.fail(`clock op ${n} of ${device_id} is dated after it was received`)
    if (time.isMeasured && Math.abs(error) > ERROR_MAX_MS)
      world.fail(`clock op ${n} of ${device_id} is dated ${error} ms wrong`)
  }
}

/** At rest: server and tablet know how wrong the tablet's clock is. */
export async function checkClockKnown(world: World, tablet: Tablet): Promise<void> {
  const { db, t } = world.server.ledger
  const { device_id, clock_offset_ms } = t.deviceState
  const rows = await db.select({ device_id, offset: clock_offset_ms }).from(t.deviceState)
  const told = rows.find((row) => row.device_id === tablet.device?.device_id)?.offset ?? NaN
  const measured = metaOnDisk(tablet.database, 'clock')?.offset_ms ?? NaN
  // Copies that wrote nothing of their own go by one name: the server knows the last report's.
  const namesakes = world.tablets.filter(
    (one) => one.device?.device_id === tablet.device?.device_id,
  )
  const isKnown = (offset: number, of: readonly Tablet[]) =>
    of.some((one) => Math.abs(offset + one.skewMs) <= ERROR_MAX_MS)
  const fail = (who: string, offset: number) =>
    world.fail(`clock of ${tablet.name}: ${tablet.skewMs} ms wrong, the ${who} says ${-offset}`)
  // Nothing is late on a fair network, so that a report says what the clock shows.
  if (!isKnown(told, namesakes)) fail('server', told)
  if (!isKnown(measured, [tablet])) fail('tablet', measured)
}
