// What people at the desk do about customers, refused work and losses, and what the server does in
// the night.
import { compact } from '#sql/compact.ts'
import { customersOnDisk } from '../shown.ts'
import type { Random } from '../../demo/random.ts'
import type { Tablet } from '../tablet.ts'
import type { World } from '../world.ts'
import { type Act, NOTHING } from './act.ts'
import { writeAbout } from './write.ts'

const DAY_MS = 86_400_000

/** A customer of the tablet's store, as the server has them. */
async function pickCustomer(world: World, tablet: Tablet, random: Random) {
  const rows = await world.server.storage.rows(
    'select store_id, id, name from customer order by store_id, id',
  )
  const known = new Set(customersOnDisk(tablet.database))
  const near = rows.filter((row) => row['name'] !== '' && known.has(String(row['id'])))
  if (near.length === 0) return null
  const { store_id, id, name } = random.pick(near)
  return { home: String(store_id), id: String(id), name: String(name) }
}

/** A customer moves house: another store is home from now on. */
export const transfer: Act = async (world, tablet, random) => {
  const customer = await pickCustomer(world, tablet, random)
  if (!customer) return NOTHING
  const to_store_id = random.pick(world.chain.stores)
  const path = `/api/desk/customers/${customer.home}/${customer.id}/transfer`
  const { status } = await world.ask('POST', path, world.chain.cookies.manager, { to_store_id })
  if (status < 300) world.count('moved')
  return String(status)
}

/**
 * Two of a store's customers turn out to be one person; whoever serves them does not know it yet,
 * and writes about the one that goes before and after.
 */
export const merge: Act = async (world, tablet, random) => {
  const goes = await pickCustomer(world, tablet, random)
  const stays = await pickCustomer(world, tablet, random)
  if (!goes || !stays || goes.id === stays.id) return NOTHING
  const asked = { customer_id: goes.id, home_store_id: goes.home }
  const into = { into_id: stays.id, into_home_store_id: stays.home }
  const path = '/api/desk/duplicates/merge'
  if (random.chance(0.6)) await writeAbout(world, tablet, random, goes.id)
  const reason = await reasonOf(world, path, { ...asked, ...into })
  if (reason === 'none') world.count('merged')
  if (random.chance(0.6)) await writeAbout(world, tablet, random, goes.id)
  return reason
}

/** They were two, after all. */
export const unmerge: Act = async (world, _tablet, random) => {
  const rows = await world.server.storage.rows(
    `select store_id, id from customer where merged_into is not null and name <> '' order by id`,
  )
  if (rows.length === 0) return NOTHING
  const { store_id, id } = random.pick(rows)
  const asked = { customer_id: id, home_store_id: store_id }
  const reason = await reasonOf(world, '/api/desk/duplicates/unmerge', asked)
  if (reason === 'none') world.count('unmerged')
  return reason
}

async function reasonOf(world: World, path: string, asked: object): Promise<string> {
  const answer = await world.json('POST', path, world.chain.cookies.manager, asked)
  const reason = (answer as { reason?: string | null } | null)?.reason
  return reason === undefined ? 'no answer' : (reason ?? 'none')
}

/** Everybody who is one person with a customer now, by name. */
async function personOf(world: World, id: string): Promise<Map<string, string>> {
  const rows = await world.server.storage.rows('select id, name, merged_into from customer')
  const person = new Map<string, string>()
  const wanted = [id]
  for (let one = wanted.pop(); one !== undefined; one = wanted.pop()) {
    if (person.has(one)) continue
    const row = rows.find((known) => known['id'] === one)
    person.set(one, String(row?.['name'] ?? ''))
    const into = row?.['merged_into']
    if (typeof into === 'string') wanted.push(into)
    for (const part of rows) if (part['merged_into'] === one) wanted.push(String(part['id']))
  }
  return person
}

/** A customer asks to be forgotten, under whichever record. */
export const erase: Act = async (world, tablet, random) => {
  const customer = await pickCustomer(world, tablet, random)
  if (!customer) return NOTHING
  const person = await personOf(world, customer.id)
  const path = `/api/admin/customers/${customer.home}/${customer.id}/erase`
  const { status } = await world.ask('POST', path, world.chain.cookies.admin, { cause: 'request' })
  if (status >= 300) return String(status)
  for (const [id, name] of person) {
    world.erased.set(id, [name])
    world.everErased.add(id)
  }
  world.count('erased')
  return String(status)
}

/** The tombstones of a feed end, as they do after two months. */
export const compactFeeds: Act = async (world, _tablet, random) => {
  const { ledger } = world.server
  const done = await compact(ledger, world.now + random.whole(55, 61) * DAY_MS)
  world.server.handled += 1
  return `${done.tombstones} gone`
}

/** A manager looks through what was refused, and decides about one op and all of its group. */
export const decide: Act = async (world, _tablet, random) => {
  const rows = await world.server.storage.rows(
    `select store_id, op_id, op from quarantine where state = 'open' order by op_id`,
  )
  if (rows.length === 0) return NOTHING
  const { store_id, op_id, op } = random.pick(rows)
  const verdict = random.chance(0.5) ? 'reapply' : 'dismiss'
  const body = { subject: 'op', subject_id: op_id, store_id, verdict, reason: 'looked at' }
  for (const id of [String(op_id), ...groupOf(rows, op)]) {
    world.decided.add(id)
    if (verdict === 'dismiss') world.dismissed.add(id)
  }
  const { status } = await world.ask('POST', '/api/desk/decisions', world.chain.cookies.admin, body)
  return `${verdict} ${status}`
}

function txOf(op: unknown): unknown {
  const read: unknown = typeof op === 'string' ? JSON.parse(op) : op
  return typeof read === 'object' && read !== null && 'tx' in read ? read.tx : undefined
}

function groupOf(rows: readonly Record<string, unknown>[], op: unknown): string[] {
  const tx = txOf(op)
  if (tx === undefined) return []
  return rows.filter((row) => txOf(row['op']) === tx).map((row) => String(row['op_id']))
}

/** Somebody accepts that what a tablet lost will not come. */
export const acceptLoss: Act = async (world, _tablet, random) => {
  const rows = await world.server.storage.rows(
    `select store_id, id from loss where state = 'open' order by id`,
  )
  if (rows.length === 0) return NOTHING
  const { store_id, id } = random.pick(rows)
  const body = { subject: 'loss', subject_id: id, store_id, verdict: 'accept', reason: 'gone' }
  const { admin } = world.chain.cookies
  return String((await world.ask('POST', '/api/desk/decisions', admin, body)).status)
}
