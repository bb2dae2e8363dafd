// Apps that are too old: what they wrote is taken for ever, they are given nothing new, and they
// say that they are to be updated. Once they are, everything comes.
import { readStatus } from '#web/local/status.ts'
import { waitingOnDisk } from './app-version.ts'
import { check } from './check.ts'
import { metaOnDisk } from './disk.ts'
import type { Memory } from './memory.ts'
import { needsPerson, updateApp } from './steps/device.ts'
import type { Tablet } from './tablet.ts'
import type { World } from './world.ts'

/** A gap may have to be filled, a server that was set back to be met, a name to be changed. */
const CYCLES_MAX = 5

function cursorsOf({ database }: Tablet): string {
  const feeds = Object.entries(metaOnDisk(database, 'feeds') ?? {})
  return feeds.map(([feed, { cursor, gen }]) => `${feed} ${cursor} ${gen}`).join()
}

async function checkApp(world: World, tablet: Tablet, memory: Memory): Promise<void> {
  const [device, cursors] = [tablet.device?.device_id, cursorsOf(tablet)]
  for (let cycle = 0; cycle < CYCLES_MAX; cycle += 1) {
    world.now += 1_000
    await world.sync(tablet, 0, () => null)
    await check(world, memory, null)
    if (waitingOnDisk(tablet) === 0) break
  }
  // Whoever is enrolled anew by a person says something else first.
  if (needsPerson(tablet)) return
  const { trouble, waiting } = await readStatus(await tablet.local())
  world.count('too old at the end')
  if (waiting > 0) world.fail(`version ${tablet.name} is too old and keeps ${waiting} ops`)
  if (trouble !== 'update')
    world.fail(`version ${tablet.name} is too old and says ${trouble ?? 'that all is well'}`)
  if (device === tablet.device?.device_id && cursorsOf(tablet) !== cursors)
    world.fail(`version ${tablet.name} is too old and was served`)
}

/** On a fair network, before the apps that are too old are updated. */
export async function checkOldApps(world: World, memory: Memory): Promise<void> {
  for (const tablet of world.tablets) {
    if (tablet.isServed) continue
    if (!needsPerson(tablet)) await checkApp(world, tablet, memory)
    updateApp(world, tablet)
  }
}
