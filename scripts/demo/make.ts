import { businessDay } from '#model/calendar.ts'
import { must } from '#model/assert.ts'
import { ensureImporter } from '#sql/devices.ts'
import type { Ledger } from '#sql/ledger.ts'
import { rollUp } from '#sql/rollup.ts'
import { type DemoChain, type DemoPerson, type DemoStore, foundChain, type Span } from './chain.ts'
import { CUTOFF_MINUTES, ZONE } from './chain.data.ts'
import { Contacts } from './contacts.ts'
import { identityOf, type Life, liveOnce } from './customers.ts'
import { type Random, seededRandom } from './random.ts'
import { runTablets } from './tablets.ts'
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
const FAMILY_SHARE = 0.004
const MARKS_PER_TURN = 20_000

/** The demo's days end yesterday, so that today belongs to whoever tries it. */
export function spanUntil(now: number, months: number): Span {
  const last = businessDay(now, ZONE, CUTOFF_MINUTES) - 1
  return { first: last - Math.round(months * DAYS_PER_MONTH) + 1, last }
}

function customersOf({ plan, format }: DemoStore): number {
  return plan.customers ?? format.customers
}

/** Lives of whom the server has heard, as many as the store's plan wants. */
function livesOf(
  random: Random,
  store: DemoStore,
  chain: DemoChain,
  contacts: Contacts,
  wanted: number,
  nextNumber: () => number,
): Life[] {
  const lives: Life[] = []
  let family: string | null = null
  while (lives.length < wanted) {
    const number = nextNumber()
    const own = random.fork(`customer ${number}`)
    const identity = identityOf(own, number, own.chance(FAMILY_SHARE) ? family : null)
    family = identity.phone
    const life = liveOnce(own, store, chain, identity)
    if (contacts.hasHeard(store.id, life.created_at)) lives.push(life)
  }
  return lives
}

/** Lives are written by the clerk who serves them; a life is never split. */
async function writeLives(
  writer: DemoWriter,
  lives: readonly Life[],
  contacts: Contacts,
): Promise<void> {
  for (const [clerk, served] of Map.groupBy(lives, (life) => life.clerk))
    await writer.write(
      clerk,
      served.map((life) => contacts.sort(life.atHome)),
    )
}

async function writeElsewhere(
  writer: DemoWriter,
  lives: readonly Life[],
  contacts: Contacts,
): Promise<void> {
  const visits = lives.flatMap((life) => life.elsewhere)
  for (const [store, met] of Map.groupBy(visits, (visit) => visit.store))
    await writer.write(
      firstClerk(store),
      met.map(({ draft }) => contacts.sort([draft])),
    )
}

function firstClerk(store: DemoStore): DemoPerson {
  return must(store.clerks[0], 'a store without clerks')
}

async function rollUpAll(ledger: Ledger): Promise<void> {
  while ((await rollUp(ledger, MARKS_PER_TURN)) > 0);
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
  const contacts = new Contacts(chain, now)
  const footfall = new Footfall()
  const lives: Life[] = []
  let number = 0
  for (const store of chain.stores) {
    const own = random.fork(store.plan.code)
    const wanted = Math.round(customersOf(store) * size.scale)
    const living = livesOf(own, store, chain, contacts, wanted, () => (number += 1))
    for (const { storeId, day } of living.flatMap((life) => life.seen)) footfall.add(storeId, day)
    await writeLives(writer, living, contacts)
    lives.push(...living)
    say(`${store.plan.name_en}: ${living.length} customers`)
  }
  await writeElsewhere(writer, lives, contacts)
  for (const store of chain.stores) {
    const tallies = talliesOf(random.fork(`tally ${store.plan.code}`), store, chain, footfall)
    await writer.write(firstClerk(store), [contacts.sort(tallies)])
  }
  const pushed = await runTablets(ledger, chain, contacts, random.fork('tablets'))
  await rollUpAll(ledger)
  return { chain, customers: lives.length, ops: writer.ops + pushed }
}
