// I7: once everything has come to rest, no disk and no table holds a person who was erased.
import { gunzipSync } from 'node:zlib'
import { getTableName } from 'drizzle-orm'
import { deviceStatuses } from '#sql/fleet.ts'
import { everythingOnDisk } from './disk.ts'
import type { Memory } from './memory.ts'
import type { Tablet } from './tablet.ts'
import type { World } from './world.ts'

const GZIP = [0x1f, 0x8b]

/** Bytes as the text they hold, so that packed parts are read like any other row. */
function readable(_key: string, value: unknown): unknown {
  if (!ArrayBuffer.isView(value)) return value
  const bytes = new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
  const isPacked = GZIP.every((byte, at) => bytes[at] === byte)
  return isPacked ? gunzipSync(bytes).toString() : `${bytes.length} bytes`
}

function textOf(rows: unknown): string {
  // A part is text within text: its quotes are escaped, those of a row are not.
  return JSON.stringify(rows, readable).replaceAll('\\', '')
}

/** Names that nobody ever bore but people who were erased. */
function goneNames(world: World, { truth }: Memory): string[] {
  const others = new Set<unknown>()
  for (const { op, record_id } of truth.ops.values())
    if (!world.erased.has(record_id)) others.add(op.payload['name'])
  return [...world.erased.values()].flat().filter((name) => !others.has(name))
}

/** Headquarters is told of tablets that may hold somebody erased: at rest none in use does. */
async function checkReported(world: World, shutOut: ReadonlySet<Tablet>): Promise<void> {
  const { devices } = await deviceStatuses(world.server.ledger, { all: true }, world.now)
  const keepers = new Set(devices.flatMap((one) => (one.keeps_erased ? one.device_id : [])))
  for (const tablet of world.tablets)
    if (!shutOut.has(tablet) && keepers.has(tablet.device?.device_id ?? ''))
      world.fail(`I7 ${tablet.name} is said to hold somebody who was erased`)
}

/** A tablet that was shut out hears of no erasure until it is enrolled again. */
export async function checkErased(
  world: World,
  memory: Memory,
  shutOut: ReadonlySet<Tablet>,
): Promise<void> {
  await checkReported(world, shutOut)
  const names = goneNames(world, memory)
  if (names.length === 0) return
  const { db, t } = world.server.ledger
  const places: [string, string][] = []
  for (const table of Object.values(t))
    places.push([getTableName(table), textOf(await db.select().from(table))])
  for (const tablet of world.tablets)
    if (!shutOut.has(tablet))
      for (const [table, rows] of everythingOnDisk(tablet.database))
        places.push([`${tablet.name} ${table}`, textOf(rows)])
  for (const [place, text] of places)
    for (const name of names)
      if (text.includes(`"${name}"`)) world.fail(`I7 ${place} still says ${name}, who was erased`)
}
