import type { Random } from '../../demo/random.ts'
import type { Tablet } from '../tablet.ts'
import type { World } from '../world.ts'

/** Takes a step about a tablet and says in a few words what came of it. */
export type Act = (world: World, tablet: Tablet, random: Random) => Promise<string>

export const NOTHING = 'nothing'
