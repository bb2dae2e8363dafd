// What clerks do in a drill, each act as the screens do it.
import type { CustomerRow } from '#model/customer.ts'
import { PURPOSES } from '#model/visit.ts'
import { entriesHere } from '#web/local/entries.ts'
import { getPast } from '#web/local/past.ts'
import {
  addTag,
  createCustomer,
  editVisit,
  logVisit,
  setCustomer,
  tally,
  voidVisit,
} from '#web/local/write.ts'
import type { Fault, TestTablet } from '#web/sync/test-tablet.ts'
import type { Random } from '../demo/random.ts'

/** A network as it is in shops: mostly there. */
export const FAULTS: readonly (Fault | null)[] = [
  ...(['lost', 'unanswered', 'cut', 'twice', 'portal', 'down'] as const),
  ...Array.from({ length: 12 }, () => null),
]

const ACTS = ['create', 'visit', 'visit', 'visit', 'tally', 'edit', 'tag', 'mend', 'void'] as const

async function customersOf({ local }: TestTablet): Promise<CustomerRow['id'][]> {
  const ids: string[] = []
  await entriesHere(local).all((slice) => ids.push(...slice.map(({ entry }) => entry.id)))
  return ids.sort()
}

/** One act of a clerk on a tablet; without a customer there is only the door to count. */
export async function act(tablet: TestTablet, random: Random): Promise<void> {
  const { local, actor } = tablet
  const what = random.pick(ACTS)
  const customers = await customersOf(tablet)
  if (what === 'create') {
    await createCustomer(local, actor, { name: `Customer ${random.whole(1, 9_999)}` })
  } else if (what === 'tally' || customers.length === 0) {
    await tally(local, actor, random.whole(1, 9))
  } else await actOn(tablet, random, what, random.pick(customers))
}

async function actOn(
  { local, actor, world }: TestTablet,
  random: Random,
  what: (typeof ACTS)[number],
  customer: string,
): Promise<void> {
  if (what === 'visit') await logVisit(local, actor, customer, random.pick(PURPOSES))
  if (what === 'edit') await setCustomer(local, actor, customer, { card: `${random.next()}` })
  if (what === 'tag') await addTag(local, actor, customer, random.pick(world.chain.tags))
  if (what !== 'mend' && what !== 'void') return
  const [visit] = (await getPast(local, customer)).visits
  if (!visit) return
  if (what === 'void') await voidVisit(local, actor, visit.id)
  else await editVisit(local, actor, visit.id, { spend_minor: random.whole(1, 99_999) })
}
