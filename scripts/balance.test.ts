// What is at stake: the statement balances to the unit for every day, month and quarter, at store,
// region and chain, through moves, erasures, voids, corrections, late tablets and closes; and it
// is the same whatever the order of arrival and whichever the engine. `npm run balance` does it
// at size.
import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { expect, inject, test } from 'vitest'
import { balanceOf, figuresHash, tell } from './balance/run.ts'

const SIZE = { customers: 250, seed: 'test' }

async function emptyPostgres(): Promise<string> {
  const admin = new pg.Client({ connectionString: inject('postgresUrl') })
  await admin.connect()
  const name = `balance_${randomUUID().replaceAll('-', '')}`
  await admin.query(`create database ${name} template template0 lc_collate 'C' lc_ctype 'C'`)
  await admin.end()
  const url = new URL(inject('postgresUrl'))
  url.pathname = `/${name}`
  return url.href
}

test('a year balances, and tells the same in whatever order it arrived', async () => {
  const one = await tell(':memory:', SIZE, 'as it came')
  const other = await tell(':memory:', SIZE, 'shuffled')
  expect(one.applied).toBe(one.plan.length)
  const happened = new Set(one.plan.map(({ draft }) => `${draft.kind} ${draft.type}`))
  for (const what of ['visit void', 'visit set', 'transfer set', 'customer erase'])
    expect(happened).toContain(what)
  for (const what of ['customer merge', 'customer unmerge']) expect(happened).toContain(what)
  for (const { ledger } of [one, other]) {
    const { checks, faults } = await balanceOf(ledger)
    expect(faults).toEqual([])
    expect(checks).toBeGreaterThan(15_000)
  }
  expect(await figuresHash(other.ledger)).toBe(await figuresHash(one.ledger))
  for (const { ledger } of [one, other]) await ledger.close()
}, 240_000)

test('the same year makes the same state on PostgreSQL', async (context) => {
  if (inject('postgresUrl') === '') return context.skip('no PostgreSQL can be started here')
  const size = { ...SIZE, customers: 60 }
  const one = await tell(':memory:', size, 'as it came')
  const other = await tell(await emptyPostgres(), size, 'as it came')
  expect((await balanceOf(other.ledger)).faults).toEqual([])
  expect(await figuresHash(other.ledger)).toBe(await figuresHash(one.ledger))
  for (const { ledger } of [one, other]) await ledger.close()
}, 240_000)
