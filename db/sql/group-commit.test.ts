// One wait for the disk serves many transactions. What must stay as it was: each is all or nothing
// by itself, and nobody hears of success before it is there for others to read.
import { eq } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { openEmpty } from './test-ledger.ts'

const rowOf = (id: string) => ({ id, name: id, order: 0, stamps: {} })

test('of transactions that are asked for at once, one that fails is taken back alone', async () => {
  const ledger = await openEmpty('sqlite')
  const { region } = ledger.t
  const outcomes = await Promise.allSettled(
    Array.from({ length: 100 }, (_, n) =>
      ledger.tx(async (db) => {
        await db.insert(region).values(rowOf(`r${n}`))
        if (n % 10 === 3) throw new Error(`no ${n}`)
        return n
      }),
    ),
  )
  const failed = outcomes.flatMap((one, n) => (one.status === 'rejected' ? [n] : []))
  expect(failed).toEqual([3, 13, 23, 33, 43, 53, 63, 73, 83, 93])
  expect(outcomes[3]).toMatchObject({ reason: { message: 'no 3' } })
  expect(outcomes[4]).toEqual({ status: 'fulfilled', value: 4 })
  const rows = await ledger.db.select().from(region)
  expect(rows).toHaveLength(90)
  expect(rows.map((row) => row.id)).not.toContain('r3')
  await ledger.close()
})

test('a transaction that is told to have succeeded is there for a reader', async () => {
  const ledger = await openEmpty('sqlite')
  const { region } = ledger.t
  const seen = await Promise.all(
    Array.from({ length: 50 }, async (_, n) => {
      const id = `r${n}`
      await ledger.tx((db) => db.insert(region).values(rowOf(id)))
      return (await ledger.db.select().from(region).where(eq(region.id, id))).length
    }),
  )
  expect(seen).toEqual(Array.from({ length: 50 }, () => 1))
  await ledger.close()
})

test('each sees what those before it did, in the order in which they were asked for', async () => {
  const ledger = await openEmpty('sqlite')
  const { region } = ledger.t
  const counts = await Promise.all(
    Array.from({ length: 40 }, (_, n) =>
      ledger.tx(async (db) => {
        await db.insert(region).values(rowOf(`r${n}`))
        return (await db.select().from(region)).length
      }),
    ),
  )
  expect(counts).toEqual(Array.from({ length: 40 }, (_, n) => n + 1))
  await ledger.close()
})

test('a transaction inside of another is a bug, and harms neither', async () => {
  const ledger = await openEmpty('sqlite')
  const { region } = ledger.t
  const nested = ledger.tx(() => ledger.tx((db) => db.insert(region).values(rowOf('inner'))))
  const other = ledger.tx((db) => db.insert(region).values(rowOf('other')))
  await expect(nested).rejects.toThrow('open already')
  await other
  expect((await ledger.db.select().from(region)).map((row) => row.id)).toEqual(['other'])
  await ledger.close()
})
