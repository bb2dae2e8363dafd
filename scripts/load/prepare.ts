// An installation as it is in the morning: every tablet knows yesterday's feeds, headquarters and
// the other tablets have changed things since, and each tablet holds ops that were made offline.
import { randomBytes } from 'node:crypto'
import { inArray } from 'drizzle-orm'
import { hashToken, makeToken } from '#api/tokens.ts'
import { must } from '#model/assert.ts'
import { CHAIN } from '#model/id.ts'
import { addDeviceState } from '#sql/device-state.ts'
import { deviceDraft } from '#sql/devices.ts'
import type { Ledger } from '#sql/ledger.ts'
import { openLedger } from '#sql/open-ledger.ts'
import { nodePorts } from '#sql/ports.ts'
import { rollUp } from '#sql/rollup.ts'
import { insertRows } from '#sql/rows.ts'
import { type TimedDraft, writeDrafts, writeDraftsIn, type Writer } from '#sql/write.ts'
import { type BenchStore, makeStores, mustWrite } from '../bench/stores.ts'
import { type DeviceCard, ledgerFile } from '../faults/installation.ts'

const CUSTOMERS_PER_STORE = 20
const ENROLLED_AT_ONCE = 250
/** What came while the tablets slept: visits at each store, tags of the whole chain. */
export const NEW_VISITS = 10
export const NEW_TAGS = 20
const STORES_AT_ONCE = 50
const HOUR_MS = 3_600_000

export interface ReturningCard extends DeviceCard {
  /** Where the tablet stands in its feeds. */
  cursors: Record<string, { cursor: number; epoch: string }>
}

/** Enrols tablets by the hundred: the same records as one by one, in few transactions. */
async function enrolAll(
  ledger: Ledger,
  writer: Writer,
  stores: readonly BenchStore[],
  now: number,
): Promise<DeviceCard[]> {
  const cards = stores.map(({ id: store_id, clerk, customers }) => {
    const token = makeToken(randomBytes)
    return { device_id: nodePorts.uuid(), store_id, clerk, customers, token }
  })
  await ledger.tx(async (db) => {
    const drafts = cards.map(({ device_id, store_id }) =>
      deviceDraft(device_id, { name: 'Counter', at: store_id, role: 'tablet' }),
    )
    const results = await writeDraftsIn(ledger, db, writer, drafts, now)
    if (results.some(({ status }) => status !== 'applied')) throw new Error('a tablet was refused')
    for (const { device_id, store_id } of cards)
      await addDeviceState(ledger, db, store_id, device_id)
    const tokens = cards.map(({ device_id, store_id: book, token }) => {
      return { token_hash: hashToken(token), device_id, book, created_at: now }
    })
    await insertRows(db, ledger.t.deviceToken, tokens)
  })
  return cards
}

async function cursorsOf(ledger: Ledger, stores: readonly string[]) {
  const { feedHead } = ledger.t
  const feeds = [CHAIN, ...stores]
  const cursors = new Map<string, { cursor: number; epoch: string }>()
  for (let at = 0; at < feeds.length; at += 500) {
    const some = feeds.slice(at, at + 500)
    const rows = await ledger.db.select().from(feedHead).where(inArray(feedHead.store_id, some))
    for (const { store_id, seq, epoch } of rows) cursors.set(store_id, { cursor: seq, epoch })
  }
  return cursors
}

function nightVisits(stores: readonly BenchStore[], now: number): TimedDraft[] {
  return stores.flatMap(({ id: store_id, customers }) =>
    Array.from({ length: NEW_VISITS }, (_, nth): TimedDraft => {
      const customer_id = customers[nth % customers.length] ?? null
      const payload = { customer_id, home_store_id: store_id, purpose: 'buy' }
      const draft = { store_id, kind: 'visit', record_id: nodePorts.uuid(), payload }
      return { ...draft, type: 'visit', at: now - HOUR_MS }
    }),
  )
}

function newTags(): TimedDraft[] {
  const group = nodePorts.uuid()
  const create = (kind: string, record_id: string, payload: Record<string, unknown>) => {
    return { store_id: CHAIN, kind, record_id, type: 'create' as const, payload }
  }
  const tags = Array.from({ length: NEW_TAGS - 1 }, (_, nth) =>
    create('tag', nodePorts.uuid(), { group_id: group, label: `Tag ${nth}` }),
  )
  return [create('tag_group', group, { label: 'Season' }), ...tags]
}

/** Makes stores and tablets in `folder`; gives each tablet's card with yesterday's cursors. */
export async function prepareMorning(
  folder: string,
  size: { stores: number; devices: number },
  now: number,
): Promise<ReturningCard[]> {
  const ledger = await openLedger(ledgerFile(folder), nodePorts)
  const chain = await makeStores(ledger, size.stores, CUSTOMERS_PER_STORE, now)
  const { stores, writer } = chain
  const places = Array.from({ length: size.devices }, (_, nth) =>
    must(stores[nth % stores.length], 'a store'),
  )
  const cards: DeviceCard[] = []
  for (let at = 0; at < places.length; at += ENROLLED_AT_ONCE)
    cards.push(...(await enrolAll(ledger, writer, places.slice(at, at + ENROLLED_AT_ONCE), now)))
  const cursors = await cursorsOf(
    ledger,
    stores.map((store) => store.id),
  )
  await mustWrite(ledger, writer, newTags(), now)
  for (let at = 0; at < stores.length; at += STORES_AT_ONCE)
    await writeDrafts(ledger, writer, nightVisits(stores.slice(at, at + STORES_AT_ONCE), now), now)
  while ((await rollUp(ledger)) > 0);
  await ledger.close()
  const cursorOf = (feed: string) => must(cursors.get(feed), 'a feed with a head')
  return cards.map((card) => {
    const own = { [CHAIN]: cursorOf(CHAIN), [card.store_id]: cursorOf(card.store_id) }
    return { ...card, cursors: own }
  })
}
