// The chain of the scale bench: founded through the ledger's own door, with ids that are the same
// on every engine, and facts that are drawn store by store, so that five million visits never stand
// in memory at once.
import { DAY_MS, dayFromCivil } from '#model/calendar.ts'
import type { TaggedSpan } from '#model/fold.ts'
import { CHAIN } from '#model/id.ts'
import { PURPOSES, type HistoryRow } from '#model/visit.ts'
import { ensureDesk } from '#sql/devices.ts'
import type { Ledger } from '#sql/ledger.ts'
import { nodePorts, type Ports } from '#sql/ports.ts'
import { insertRows } from '#sql/rows.ts'
import { setUpChain } from '#sql/setup.ts'
import type { Writer } from '#sql/write.ts'
import { seededRandom, uuid7 } from '../../demo/random.ts'
import { mustWrite } from '../stores.ts'

export interface Size {
  stores: number
  /** Days of history up to today. */
  days: number
  /** Rows of visits in all: identified ones and anonymous tallies. */
  visits: number
}

/** Monday 2 November 2026: the day on which the chain is looked at, at 10 in the morning there. */
export const TODAY = dayFromCivil(2026, 11, 2)
export const NOW = TODAY * DAY_MS + 2 * 3_600_000

const STORES_PER_REGION = 500
/** Stores whose customers also visit each other's. */
export const CLUSTER = 10
const IDENTIFIED_SHARE = 0.7
const AWAY_SHARE = 0.05
const SOLD_SHARE = 0.88
const TAGGED_SHARE = 0.5
/** Share of visits after which the customer comes again. */
const RETURN_SHARE = 0.87
const BUY = 1 << PURPOSES.indexOf('buy')
const FORMATS = ['mall', 'street', 'station', 'outlet']

export interface ScaleStore {
  id: string
  region_id: string
  clerk: string
  format: string
}

export interface ScaleChain {
  size: Size
  stores: readonly ScaleStore[]
  regions: readonly string[]
  group: string
  tag: string
  admin_id: string
}

export interface ScaleCustomer {
  id: string
  home: string
  history: HistoryRow[]
  tagged: TaggedSpan[]
}

/** What happened in one store: its own customers, wherever they went, and its tallies. */
export interface StoreFacts {
  customers: ScaleCustomer[]
  tallies: { day: number; count: number }[]
}

/** Ids that every ledger of one size makes alike. */
export function scalePorts(): Ports {
  const random = seededRandom('scale/ids')
  let at = (TODAY - 1) * DAY_MS
  return { ...nodePorts, uuid: () => uuid7((at += 1), random) }
}

function planChain(size: Size, uuid: () => string): Omit<ScaleChain, 'admin_id'> {
  const regions = Array.from({ length: Math.ceil(size.stores / STORES_PER_REGION) }, uuid)
  const stores = Array.from({ length: size.stores }, (_, nth): ScaleStore => {
    const region_id = regions[Math.floor(nth / STORES_PER_REGION)] ?? ''
    return { id: uuid(), region_id, clerk: uuid(), format: FORMATS[nth % FORMATS.length] ?? '' }
  })
  return { size, regions, stores, group: uuid(), tag: uuid() }
}

/** Founds the chain; a tablet per store said an hour ago that nothing is left to send. */
export async function foundChain(ledger: Ledger, size: Size): Promise<ScaleChain> {
  const { uuid } = ledger.ports
  const place = { zone: 'Asia/Shanghai', currency: 'CNY', country: 'CN', cutoff_minutes: 0 }
  const start = (TODAY - size.days - 1) * DAY_MS
  const names = { chain_name: 'Scale', admin_name: 'Admin' }
  const { staff_id } = await setUpChain(ledger, { ...names, ...place }, start)
  const session = await ensureDesk(ledger)
  const writer: Writer = { session, actor_id: staff_id, unlock_id: null }
  const chain = planChain(size, uuid)
  const create = (kind: string, record_id: string, payload: Record<string, unknown>) => {
    return { store_id: CHAIN, kind, record_id, type: 'create' as const, payload }
  }
  const { regions, stores, group, tag } = chain
  const devices = stores.map(({ id }) => ({ id: uuid(), at: id }))
  await mustWrite(
    ledger,
    writer,
    [
      ...regions.map((id, order) => create('region', id, { name: `Region ${order}`, order })),
      create('tag_group', group, { label: 'Skin', required: true }),
      create('tag', tag, { group_id: group, label: 'Dry' }),
      ...stores.flatMap(({ id, region_id, clerk, format }, nth) => [
        create('store', id, { name: `Store ${nth}`, region_id, format, ...place }),
        create('staff', clerk, { name: 'Clerk', role: 'clerk', store_ids: [id] }),
      ]),
      ...devices.map(({ id, at }) =>
        create('device', id, { name: 'Till', at, role: 'tablet', state: 'active' }),
      ),
    ],
    start,
  )
  const spoken = devices.map(({ id, at }) => ({
    ...{ store_id: at, device_id: id, epoch: '', last_n: 9, max_n: 9, unsent: 0 },
    ...{ last_hash: '', last_push_at: NOW - 3_600_000, last_pull_at: NOW - 3_600_000 },
  }))
  await ledger.tx((db) => insertRows(db, ledger.t.deviceState, spoken))
  return { ...chain, admin_id: staff_id }
}

/** The same chain of a ledger in which it was founded before: ids follow from the size. */
export async function recallChain(ledger: Ledger, size: Size): Promise<ScaleChain> {
  const rows = await ledger.db.select().from(ledger.t.store).orderBy(ledger.t.store.id)
  const regions = await ledger.db.select().from(ledger.t.region).orderBy(ledger.t.region.order)
  const staff = await ledger.db.select().from(ledger.t.staff)
  const clerks = new Map(staff.flatMap((one) => one.store_ids.map((id) => [id, one.id])))
  const [tag] = await ledger.db.select().from(ledger.t.tag)
  const stores = rows
    .filter((row) => row.type !== 'head-office')
    .map(({ id, region_id, format }): ScaleStore => {
      const clerk = clerks.get(id) ?? ''
      return { id, region_id: region_id ?? '', clerk, format: format ?? '' }
    })
  const admin = staff.find((one) => one.role === 'admin' || one.store_ids.length === 0)
  return {
    ...{ size, stores, regions: regions.map(({ id }) => id), admin_id: admin?.id ?? '' },
    ...{ group: tag?.group_id ?? '', tag: tag?.id ?? '' },
  }
}

type Draw = ReturnType<typeof seededRandom>

/** One customer's visits: a rhythm of their own, until they stay away or today comes. */
function drawCustomer(chain: ScaleChain, nth: number, draw: Draw): ScaleCustomer {
  const { size, stores } = chain
  const home = stores[nth]
  if (!home) throw new RangeError('a store that the chain does not have')
  const first = TODAY - size.days + draw.whole(0, size.days - 1)
  const id = uuid7(first * DAY_MS, draw)
  const gap = draw.logNormal(28, 0.7)
  const history: HistoryRow[] = []
  const cluster = nth - (nth % CLUSTER)
  for (let day = first; day < TODAY; day += 1 + Math.round(gap * (0.3 + 1.4 * draw.next()))) {
    const isAway = draw.chance(AWAY_SHARE)
    const other = Math.min(stores.length - 1, cluster + draw.whole(0, CLUSTER - 1))
    const at = (isAway ? stores[other] : home) ?? home
    const isSold = draw.chance(SOLD_SHARE)
    const spend_minor = isSold ? Math.round(draw.logNormal(12_000, 0.8)) : 0
    const first_at = day * DAY_MS + draw.whole(2, 12) * 3_600_000
    const where = { customer_id: id, day, store_id: at.id, region_id: at.region_id }
    history.push({
      ...where,
      visits: 1,
      sales: Number(isSold),
      spend_minor,
      purposes: BUY,
      first_at,
    })
    if (!draw.chance(RETURN_SHARE)) break
  }
  const tagged = draw.chance(TAGGED_SHARE) ? [{ group_id: chain.group, from: first, to: null }] : []
  return { id, home: home.id, history, tagged }
}

/** The facts of a store: the same for the same size and place. */
export function factsOfStore(chain: ScaleChain, nth: number): StoreFacts {
  const draw = seededRandom(`scale/${nth}`)
  const { size } = chain
  const wanted = size.visits / size.stores
  const customers: ScaleCustomer[] = []
  let visits = 0
  while (visits < wanted * IDENTIFIED_SHARE) {
    const customer = drawCustomer(chain, nth, draw)
    customers.push(customer)
    visits += customer.history.length
  }
  const count = Math.min(size.days, Math.max(0, Math.round(wanted - visits)))
  const days = new Set<number>()
  while (days.size < count) days.add(TODAY - size.days + draw.whole(0, size.days - 1))
  const tallies = [...days].map((day) => ({ day, count: draw.whole(1, 6) }))
  return { customers, tallies }
}
