// Steps of the network: cycles begun, messages moved on, with what may happen to them.
import type { Random } from '../../demo/random.ts'
import { untilQuiet } from '../browser.ts'
import { FAULTS, type Message, type NetFault } from '../network.ts'
import type { Tablet, TabNo } from '../tablet.ts'
import { isMoving, type World } from '../world.ts'
import { type Act, NOTHING } from './act.ts'
import { deskWrite } from './server.ts'

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

const RACE_MAX = 12

function movingOf(world: World, tablet: Tablet, no: TabNo | null): Message[] {
  const isMine = (one: Message) => one.life === tablet.life && (no === null || one.tab === no)
  return world.network.queue.filter((one) => isMine(one) && isMoving(one))
}

/** The messages of both tabs overtake each other. */
async function race(world: World, tablet: Tablet, random: Random): Promise<string> {
  await begin(world, 0, tablet)
  for (let moved = 0; moved < RACE_MAX; moved += 1) {
    const mine = movingOf(world, tablet, null)
    if (mine.length === 0) return `a race of ${moved}`
    await world.deliver(random.pick(mine), null)
  }
  return 'a long race'
}

/** One tab's page is late: meanwhile the feed moves on, and the other tab goes with it. */
async function latePage(world: World, tablet: Tablet, random: Random): Promise<string> {
  const [early] = movingOf(world, tablet, 1)
  for (let message = early; message; message = movingOf(world, tablet, 1)[0]) {
    if (message.path === '/api/sync/pull' && message.phase === 'answered') break
    await world.deliver(message, null)
  }
  const [late] = movingOf(world, tablet, 1)
  await deskWrite(world, tablet, random)
  await world.sync(tablet, 0, () => null)
  await world.look()
  if (!late || !isMoving(late) || !world.network.queue.includes(late)) return 'nothing was late'
  await world.deliver(late, null)
  return 'a late page'
}

/** Another tab syncs as well; where tabs do not take turns, their messages meet. */
export const beginInSecondTab: Act = async (world, tablet, random) => {
  const begun = await begin(world, 1, tablet)
  if (tablet.takesTurns) return begun
  return random.pick([race, latePage, () => Promise.resolve(begun)])(world, tablet, random)
}

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
