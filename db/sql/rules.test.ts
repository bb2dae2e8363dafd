// The rules that let books live on different machines: every write and every row lock names the
// store (or the phone), and every table has a group. A statement that breaks them would run on
// one database and fail, or touch all machines, on many.
import { getTableName } from 'drizzle-orm'
import { expect, test } from 'vitest'
import type { Draft } from '#model/op.ts'
import { compact } from './compact.ts'
import { decide } from './decide.ts'
import { renewDevice } from './renew.ts'
import { sqlite } from './dialect-sqlite.ts'
import { postgres } from './dialect-postgres.ts'
import { endIdleLinks } from './links.ts'
import { pull } from './pull.ts'
import { rebuild } from './rebuild.ts'
import { manifest, part } from './snapshot.ts'
import { GROUPS, tables } from './tables.ts'
import {
  enrolTablet,
  id,
  makeChain,
  MONDAY_10AM,
  onBothEngines,
  openEmpty,
  type TestChain,
} from './test-ledger.ts'
import { writeDrafts } from './write.ts'

const groupOf = new Map<string, string | undefined>(
  Object.entries(tables(sqlite)).map(([key, table]) => [
    getTableName(table),
    Object.entries(GROUPS).find(([name]) => name === key)?.[1],
  ]),
)

/** Rolling up reads all stores by design, so its clearing of dirty marks goes by day. */
const BY_DAY = new Set(['dirty_day'])

function tableWritten(sql: string): string | null {
  const write = /^\s*(?:insert into|update|delete from) "(\w+)"/i.exec(sql)
  const lock = /for update/i.test(sql) ? /from "(\w+)"/i.exec(sql) : null
  return (write ?? lock)?.[1] ?? null
}

function breaksRule(sql: string): boolean {
  const table = tableWritten(sql)
  const group = table === null ? 'reference' : groupOf.get(table)
  if (table === null || group === 'reference' || BY_DAY.has(table)) return false
  return !sql.includes(group === 'phone' ? '"phone_hash"' : '"store_id"')
}

function movedAndErased({ stores: [home, next] }: TestChain, customer: string): Draft[] {
  const place = { record_id: customer, store_id: home }
  const moved = { home_store_id: home, to_store_id: next }
  const erased = { home_store_id: home, cause: 'request' }
  return [
    { ...place, kind: 'transfer', type: 'set', payload: moved },
    { ...place, kind: 'customer', type: 'erase', payload: erased },
  ]
}

onBothEngines('every write and every lock names its store', async (engine) => {
  const statements: string[] = []
  const ledger = await openEmpty(engine, (sql) => statements.push(sql))
  statements.length = 0 // Opening runs the migrations, which are nobody's writes.
  const chain = await makeChain(ledger)
  const [home, other] = [await enrolTablet(chain, 0), await enrolTablet(chain, 2)]
  const customer = id()
  const created = home.customer(customer, { phone: '+8613812345678' })
  const visit = home.visit(customer, chain.stores[0])
  await home.push([created, visit])
  await other.push([other.visit(customer, chain.stores[0])])
  const phone = { phone: '+8613899999999', home_store_id: chain.stores[0] }
  await home.push([
    home.seal({ kind: 'customer', record_id: customer, type: 'set', payload: phone }),
    home.seal({ kind: 'visit', record_id: visit.record_id, type: 'void', payload: {} }),
  ])
  const feeds = { chain: { cursor: 0, epoch: null } }
  const { device_id } = home.session
  await pull(
    ledger,
    home.session,
    { device_id, health: home.health(), feeds, limit: 10 },
    MONDAY_10AM,
  )
  const { seq } = await manifest(ledger, chain.stores[0])
  expect(await part(ledger, chain.stores[0], seq, 0)).not.toBeNull()
  await rebuild(ledger, { write: true })
  await endIdleLinks(ledger, 30_000)
  const refused = home.visit(id(), chain.stores[0])
  await home.push([refused])
  const made = { subject: 'op', subject_id: refused.op_id, verdict: 'dismiss' } as const
  const why = { reason: 'x', store_id: chain.stores[0] }
  await decide(ledger, chain.admin, { ...made, ...why }, MONDAY_10AM)
  const lost = { cause: 'restored', head_n: 9, kept: null } as const
  await renewDevice(ledger, home.session, lost, id(), MONDAY_10AM)
  await compact(ledger, MONDAY_10AM + 400 * 86_400_000)
  await other.push([other.visit(customer, chain.stores[0])])
  await writeDrafts(ledger, chain.admin, movedAndErased(chain, customer), MONDAY_10AM)
  await other.push([other.visit(customer, chain.stores[0])])
  const written = new Set(statements.map(tableWritten))
  expect(statements.filter(breaksRule)).toEqual([])
  expect([...written]).toEqual(
    expect.arrayContaining(['customer', 'op', 'feed_head', 'metric_day', 'customer_forward']),
  )
  await ledger.close()
})

test('the rule is seen when it is broken', () => {
  expect(breaksRule('update "customer" set "name" = ? where "id" = ?')).toBe(true)
  expect(breaksRule('select * from "visit" where "id" = $1 for update')).toBe(true)
  expect(breaksRule('delete from "phone_directory" where "customer_id" = ?')).toBe(true)
  expect(breaksRule('update "store" set "name" = ? where "id" = ?')).toBe(false)
})

test('every table has a group, and both engines have the same tables and columns', () => {
  const columnsOf = (all: object) =>
    Object.entries(all).map(([name, table]) => [name, Object.keys(table as object).sort()])
  expect(Object.keys(GROUPS).sort()).toEqual(Object.keys(tables(sqlite)).sort())
  const names = (all: object) => columnsOf(all).map(([name]) => name)
  expect(names(tables(postgres))).toEqual(names(tables(sqlite)))
})
