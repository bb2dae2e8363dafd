// Reading and deleting by spans must find what asking one by one finds, and touch nothing else.
import 'fake-indexeddb/auto'
import { expect, test } from 'vitest'
import { dropViews, opsIn, opsOf, viewsOf } from './many.ts'
import { openTestLocal } from './test-local.ts'
import { tally } from './write.ts'

async function withOps(count: number) {
  const tablet = await openTestLocal()
  const ids: string[] = []
  for (let visit = 0; visit < count; visit += 1)
    ids.push(await tally(tablet.local, tablet.actor, 1))
  return { ...tablet, ids }
}

test('views are dropped wherever they lie, and those between them stay', async () => {
  const { local, ids } = await withOps(60)
  const sorted = [...ids].sort()
  const going = sorted.filter((_, at) => at < 20 || at === 25 || (at > 30 && at % 3 > 0))
  const left = sorted.filter((id) => !going.includes(id))
  const { db } = local
  await db.transaction('rw', db.view, () => dropViews(db, [...going, 'never there']))
  expect(await db.view.toCollection().primaryKeys()).toEqual(left)
  await dropViews(db, left.slice(0, 3))
  expect(await db.view.toCollection().primaryKeys()).toEqual(left.slice(3))
  local.close()
})

test('views are found whether most or few of them are asked for', async () => {
  const { local, ids } = await withOps(70)
  for (const asked of [ids.slice(3, 60), ids.slice(0, 17), ids.slice(5, 7), ['absent']]) {
    const found = await viewsOf(local.db, asked)
    const isThere = (id: string) => ids.includes(id)
    for (const id of asked) expect(found.get(id)?.id).toBe(isThere(id) ? id : undefined)
  }
  local.close()
})

test('ops come in their order, by state and by number, and a missing one has no op', async () => {
  const { local } = await withOps(40)
  const { db } = local
  await db.op.where('n').between(10, 20).modify({ state: 'sent' })
  await db.op.where('n').between(20, 30).modify({ state: 'acked' })
  const numbers = (await opsIn(db, 'sent', 'waiting')).map((row) => row.n)
  const kept = Array.from({ length: 40 }, (_, at) => at + 1).filter((n) => n < 20 || n >= 30)
  expect(numbers).toEqual(kept)
  await db.op.delete(7)
  const dense = Array.from({ length: 30 }, (_, at) => 34 - at)
  for (const asked of [dense, [1, 7, 40], Array.from({ length: 20 }, (_, at) => at * 1000 + 1)])
    expect((await opsOf(db, asked)).map((row) => row?.n)).toEqual(
      asked.map((n) => (n === 7 || n > 40 ? undefined : n)),
    )
  expect(await opsOf(db, [])).toEqual([])
  local.close()
})
