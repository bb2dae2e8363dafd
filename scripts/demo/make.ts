import { businessDay } from '#model/calendar.ts'
import { must } from '#model/assert.ts'
import { ensureImporter } from '#sql/devices.ts'
import type { Ledger } from '#sql/ledger.ts'
import { rollUp } from '#sql/rollup.ts'
import type { TimedDraft } from '#sql/write.ts'
import { type DemoChain, type DemoStore, foundChain, type Span } from './chain.ts'
import { ZONE } from './chain.data.ts'
import { identityOf, type Life, liveOnce } from './customers.ts'
import { type Random, seededRandom } from './random.ts'
import { Footfall, talliesOf } from './tallies.ts'
import { DemoWriter } from './write.ts'

export interface DemoSize {
  /** Share of the customers that the chain's plan names; 1 is 12,000. */
  scale: number
  months: number
}

export const FULL_SIZE: DemoSize = { scale: 1, months: 18 }

export interface DemoMade {
  chain: DemoChain
  customers: number
  ops: number
}

const DAYS_PER_MONTH = 365 / 12
const CUTOFF_MINUTES = 240
const FAMILY_SHARE = 0.004
const DAYS_PER_TURN = 100

/** The demo's days end yesterday, so that today belongs to whoever tries it. */
export function spanUntil(now: number, months: number): Span {
  const last = businessDay(now, ZONE, CUTOFF_MINUTES) - 1
  return { first: last - Math.round(months * DAYS_PER_MONTH) + 1, last }
}

function livesOf(
  random: Random,
  store: DemoStore,
  chain: DemoChain,
  scale: number,
  nextNumber: () => number,
): Life[] {
  let family: string | null = null
  return Array.from({ length: Math.round(store.format.customers * scale) }, () => {
    const number = nextNumber()
    const own = random.fork(`customer ${number}`)
    const identity = identityOf(own, number, own.chance(FAMILY_SHARE) ? family : null)
    family = identity.phone
    return liveOnce(own, store, chain, identity)
  })
}

function countFootfall(lives: readonly Life[], footfall: Footfall): void {
  const note = (draft: TimedDraft) => {
    if (draft.kind === 'visit' && draft.at !== undefined)
      footfall.add(draft.store_id, businessDay(draft.at, ZONE, CUTOFF_MINUTES))
  }
  for (const { atHome, elsewhere } of lives) {
    atHome.forEach(note)
    for (const { draft } of elsewhere) note(draft)
  }
}

/** Lives are written by the clerk who serves them; a life is never split. */
async function writeLives(writer: DemoWriter, lives: readonly Life[]): Promise<void> {
  for (const [clerk, served] of Map.groupBy(lives, (life) => life.clerk))
    await writer.write(
      clerk,
      served.map((life) => life.atHome),
    )
}

async function writeElsewhere(writer: DemoWriter, lives: readonly Life[]): Promise<void> {
  const visits = lives.flatMap((life) => life.elsewhere)
  for (const [store, met] of Map.groupBy(visits, (visit) => visit.store)) {
    const clerk = must(store.clerks[0], 'a store without clerks')
    await writer.write(
      clerk,
      met.map(({ draft }) => [draft]),
    )
  }
}

async function rollUpAll(ledger: Ledger): Promise<void> {
  while ((await rollUp(ledger, DAYS_PER_TURN)) > 0);
}

/**
 * Fills an empty ledger with the demo chain as of `now`: the same seed, size and day give the same
 * chain, but for the ids that the ledger itself makes.
 */
export async function makeDemo(
  ledger: Ledger,
  seed: string,
  size: DemoSize,
  now: number,
  say: (line: string) => void = () => undefined,
): Promise<DemoMade> {
  const random = seededRandom(seed)
  const chain = await foundChain(ledger, random.fork('chain'), spanUntil(now, size.months))
  const session = await ensureImporter(ledger, chain.admin.id, now)
  const writer = new DemoWriter(ledger, session, now)
  const footfall = new Footfall()
  const lives: Life[] = []
  let number = 0
  for (const store of chain.stores) {
    const own = random.fork(store.plan.code)
    const living = livesOf(own, store, chain, size.scale, () => (number += 1))
    countFootfall(living, footfall)
    await writeLives(writer, living)
    lives.push(...living)
    say(`${store.plan.name_en}: ${living.length} customers`)
  }
  await writeElsewhere(writer, lives)
  for (const store of chain.stores) {
    const tallies = talliesOf(random.fork(`tally ${store.plan.code}`), store, chain, footfall)
    await writer.write(must(store.clerks[0], 'a store without clerks'), [tallies])
  }
  await rollUpAll(ledger)
  return { chain, customers: lives.length, ops: writer.ops }
}
