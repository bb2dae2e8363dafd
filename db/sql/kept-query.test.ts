// What is at stake: a query that is built once must answer each asker for the values of theirs, on
// the handle of theirs, whichever engine and whichever connection stands behind it.
import { and, eq, gte } from 'drizzle-orm'
import { expect } from 'vitest'
import { keptQuery } from './kept-query.ts'
import { among } from './rows.ts'
import { id, makeChain, onBothEngines, openEmpty } from './test-ledger.ts'

const selectStores = keptQuery(
  (
    { t: { store } },
    db,
    asked: { ids: readonly string[]; zone: string; cutoff: number; most: number },
  ) =>
    db
      .select({ name: store.name })
      .from(store)
      .where(
        and(
          among(store.id, asked.ids),
          eq(store.zone, asked.zone),
          gte(store.cutoff_minutes, asked.cutoff),
        ),
      )
      .orderBy(store.name)
      .limit(asked.most),
)

onBothEngines('a kept query answers for the values it is asked with', async (engine) => {
  const texts: string[] = []
  const ledger = await openEmpty(engine, (text) => texts.push(text))
  const { stores } = await makeChain(ledger)
  const ids: readonly string[] = stores
  const every = { ids, zone: 'Asia/Shanghai', cutoff: 0, most: 9 }
  const ask = async (values: Partial<typeof every>, db = ledger.db) =>
    (await selectStores(ledger, db, { ...every, ...values })).map((row) => row.name)
  texts.length = 0
  expect(await ask({})).toEqual(['Store 0', 'Store 1', 'Store 2'])
  expect(await ask({ ids: [stores[2], id(), "'; --"] })).toEqual(['Store 2'])
  expect(await ask({ ids: [] })).toEqual([])
  expect(await ask({ most: 2 })).toEqual(['Store 0', 'Store 1'])
  expect(await ask({ cutoff: 1440 })).toEqual([])
  expect(await ask({ zone: 'UTC' })).toEqual([])
  if (engine === 'sqlite') expect(new Set(texts).size).toBe(1)
  await ledger.tx(async (db) => {
    await db.update(ledger.t.store).set({ name: 'Other' }).where(eq(ledger.t.store.id, stores[0]))
    expect(await ask({ ids: [stores[0]] }, db)).toEqual(['Other'])
  })
  expect(await ask({ ids: [stores[0]] })).toEqual(['Other'])
  await ledger.close()
})
