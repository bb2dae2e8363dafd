// Steps of the network: cycles begun, messages moved on, with what may happen to them.
import type { Random } from '../../demo/random.ts'
import { untilQuiet } from '../browser.ts'
import { FAULTS, type NetFault } from '../network.ts'
import type { TabNo } from '../tablet.ts'
import type { World } from '../world.ts'
import { type Act, NOTHING } from './act.ts'

const NEAR = 8
const EVENTS_MAX = 8

function faultOf(random: Random, share: number): NetFault | null {
  return random.chance(share) ? random.pick(FAULTS) : null
}

/** A cycle from its beginning to its end; some lines are good, some bad. */
export const sync: Act = async (world, tablet, random) => {
  const share = random.pick([0, 0, 0.05, 0.3])
  await world.sync(tablet, random.chance(0.85) ? 0 : 1, () => faultOf(random, share))
  return `faults ${share}`
}

async function begin(world: World, no: TabNo, act: Parameters<Act>[1]): Promise<string> {
  const run = await act.start(no)
  world.touched.add(act)
  await untilQuiet()
  return run ? 'begun' : NOTHING
}

/** A cycle begins; its messages wait for the schedule. */
export const beginCycle: Act = (world, tablet) => begin(world, 0, tablet)

export const beginInSecondTab: Act = (world, tablet) => begin(world, 1, tablet)

/** Any of the messages under way move on, not in their order. */
export const deliver: Act = async (world, _tablet, random) => {
  const share = random.pick([0, 0.1, 0.25])
  const events = random.whole(1, EVENTS_MAX)
  let moved = 0
  for (; moved < events; moved += 1) {
    const open = world.network.queue.filter((one) => one.phase !== 'lost')
    const message = open[random.whole(0, Math.min(open.length, NEAR) - 1)]
    if (!message) break
    await world.deliver(message, faultOf(random, share))
  }
  return `${moved} moved`
}
