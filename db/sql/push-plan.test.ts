// What a push reads must not grow with what its store has gathered: SQLite has to find every row of
// a book by more than the store alone. It cannot show that the rows which are found are few.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { openLedger } from './open-ledger.ts'
import { nodePorts } from './ports.ts'
import { enrolTablet, id, makeChain } from './test-ledger.ts'

const GROWING = 'customer|visit|history|tagging|customer_link|op|op_seen|feed_row|metric_day'
const WALK = new RegExp(`^(SCAN|SEARCH) (${GROWING})\\b(?!.*\\(store_id=\\? AND)`)

function walksOf(connection: Database.Database, text: string): string[] {
  const values = Array.from(text.matchAll(/\?/g), () => '[]')
  const plan = connection.prepare<string[], { detail: string }>(`explain query plan ${text}`)
  return plan.all(...values).flatMap(({ detail }) => (WALK.test(detail) ? [detail, text] : []))
}

test('no statement of a push walks through a store', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'regulars-'))
  const path = join(folder, 'ledger.sqlite')
  const statements: string[] = []
  const ledger = await openLedger(path, nodePorts, (text) => statements.push(text))
  const chain = await makeChain(ledger)
  const tablet = await enrolTablet(chain, 0)
  statements.length = 0
  const customer = id()
  await tablet.push([tablet.customer(customer), tablet.visit(customer, chain.stores[0])])
  await tablet.push([tablet.visit(customer, chain.stores[0])])
  await ledger.close()
  const connection = new Database(path, { readonly: true })
  const read = [...new Set(statements)].filter((text) => text.startsWith('select'))
  expect(read.flatMap((text) => walksOf(connection, text))).toEqual([])
  expect(read.some((text) => text.includes('from "visit"'))).toBe(true)
  const careless = 'select * from visit where store_id = ? and customer_id in (?) order by id'
  expect(walksOf(connection, careless)).toHaveLength(2)
  connection.close()
  rmSync(folder, { recursive: true })
})
