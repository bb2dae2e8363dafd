// Our server as `npm start` runs it, on a ledger that the bench has filled.
import { randomBytes } from 'node:crypto'
import { and, count, eq, inArray } from 'drizzle-orm'
import { loadConfig } from '#api/config.ts'
import { createLog } from '#api/log.ts'
import { startServer } from '#api/server.ts'
import { hashCode, hashToken, makeCode, makeToken } from '#api/tokens.ts'
import { createEnrolment, enrolDevice } from '#sql/devices.ts'
import type { Ledger } from '#sql/ledger.ts'
import { selectByKeys } from '#sql/rows.ts'
import { mustWrite, makeStores } from '../../stores.ts'
import { deskOf, type Seeded } from '../seed-ours.ts'
import type { Edit } from '../work.ts'
import { folders, obey } from './child.ts'
import type { BenchTablet, Order } from './orders.ts'

const HOUR_MS = 3_600_000

async function edit(ledger: Ledger, edits: readonly Edit[]): Promise<number> {
  const writer = await deskOf(ledger)
  const { customer } = ledger.t
  const ids = edits.map((one) => one.id)
  const found = await selectByKeys(ids, (slice) =>
    ledger.db.select().from(customer).where(inArray(customer.id, slice)),
  )
  const homes = new Map(found.map((row) => [row.id, row.store_id]))
  const drafts = edits.map(({ id, phone }) => {
    const store_id = homes.get(id) ?? ''
    const payload = { phone, home_store_id: store_id }
    return { store_id, kind: 'customer', record_id: id, type: 'set' as const, payload }
  })
  await mustWrite(ledger, writer, drafts, Date.now())
  return drafts.length
}

async function held(ledger: Ledger, visits: readonly string[]): Promise<number> {
  const { visit } = ledger.t
  const found = await selectByKeys(visits, (slice) =>
    ledger.db.select({ id: visit.id }).from(visit).where(inArray(visit.id, slice)),
  )
  return found.length
}

async function giveCode(ledger: Ledger, seeded: Seeded): Promise<string> {
  const code = makeCode(randomBytes)
  const now = Date.now()
  const { store_id, admin_id } = seeded
  const limits = { uses: 1, until: now + HOUR_MS, created_by: admin_id }
  await createEnrolment(
    ledger,
    { code_hash: hashCode(code), store_id, name: 'Bench', ...limits },
    now,
  )
  return code
}

/** Tablets with a session each, as enrolment would leave them. */
async function letIn(ledger: Ledger, stores: number, perStore: number): Promise<BenchTablet[]> {
  const now = Date.now()
  const chain = await makeStores(ledger, stores, perStore, now)
  const tablets: BenchTablet[] = []
  for (const { id: store_id, clerk, customers } of chain.stores) {
    const [code_hash, token] = [hashCode(makeCode(randomBytes)), makeToken(randomBytes)]
    const limits = { uses: 1, until: now + HOUR_MS, created_by: chain.admin_id }
    await createEnrolment(ledger, { code_hash, store_id, name: 'Bench', ...limits }, now)
    const device = await enrolDevice(ledger, code_hash, hashToken(token), now)
    if (!device) throw new Error('the bench tablet was not let in')
    tablets.push({ token, device_id: device.device_id, store_id, clerk, customers })
  }
  return tablets
}

async function countOps(ledger: Ledger): Promise<number> {
  const { op } = ledger.t
  const where = and(eq(op.status, 'applied'))
  const [row] = await ledger.db.select({ ops: count() }).from(op).where(where)
  return row?.ops ?? 0
}

async function main(): Promise<void> {
  const { data } = folders()
  const config = loadConfig({ DATA_DIR: data, PORT: '0', LOG_LEVEL: 'silent' })
  const server = await startServer(config, createLog('silent'))
  const { ledger } = server
  const more = async (order: Order): Promise<object> => {
    if (order.do === 'tablets') return { tablets: await letIn(ledger, order.count, order.perStore) }
    if (order.do === 'count') return { count: await countOps(ledger) }
    if (order.do !== 'code') return {}
    const { readSeeded } = await import('../seed-ours.ts')
    return { code: await giveCode(ledger, readSeeded(data)) }
  }
  await obey(
    { url: server.url },
    { edit: (edits) => edit(ledger, edits), held: (visits) => held(ledger, visits), more },
  )
  await server.close()
}

await main()
