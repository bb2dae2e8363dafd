import { seededRandom } from '../demo/random.ts'
import { SCHEMAS } from './app-version.ts'
import type { Template } from './chain.ts'
import { type Dump, wipeDisk } from './disk.ts'
import { mendDisk } from './disk-faults.ts'
import type { Rule } from './rule.ts'
import { Server } from './server.ts'
import type { Storage } from './storage.ts'
import type { Tablet } from './tablet.ts'
import { World } from './world.ts'

const SKEWS_MS = [0, 0, 0, -100_000, 100_000, 3 * 86_400_000, -3 * 86_400_000]

/** Replaces everything on a tablet's disk by what was kept of one. */
export async function putOnDisk(tablet: Tablet, dump: Dump): Promise<void> {
  const { db } = await tablet.local()
  await db.transaction('rw', db.tables, async () => {
    for (const table of db.tables) {
      await table.clear()
      await table.bulkPut([...(dump.get(table.name) ?? [])])
    }
  })
}

/** A world as the template has it, with clocks that are wrong by the seed's chance. */
export async function openWorld(
  seed: number,
  storage: Storage,
  template: Template,
  rule: Rule<World> | null,
): Promise<World> {
  const world = new World()
  world.now = template.now
  world.random = seededRandom(`world ${seed}`)
  world.rule = rule
  world.chain = template.chain
  await storage.putBack('template')
  world.server = new Server(storage, template.accounts, world.source)
  await world.server.start()
  for (const { cookie, dump } of template.tablets) {
    const tablet = world.addTablet(`seed-${seed}-${world.tablets.length}`)
    tablet.cookie = cookie
    tablet.setClock(world.random.pick(SKEWS_MS))
    tablet.schema = world.random.pick(SCHEMAS)
    tablet.takesTurns = world.random.chance(0.6)
    await putOnDisk(tablet, dump)
    world.touched.add(tablet)
  }
  return world
}

export async function closeWorld(world: World): Promise<void> {
  for (const tablet of world.tablets) {
    tablet.crash()
    mendDisk(tablet.database)
    await wipeDisk(tablet.database)
  }
  await world.server.stop()
}
