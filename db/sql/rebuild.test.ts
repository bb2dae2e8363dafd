// What is at stake: a figure that is wrong and that nobody finds, or a chain that is too large for
// its figures to be counted anew. Every kind of what is kept is spoiled and must be found, and put
// right, whether all books are counted at once or one after the other.
import { and, eq, ne } from 'drizzle-orm'
import { expect } from 'vitest'
import { CHAIN } from '#model/id.ts'
import type { Difference } from './difference.ts'
import type { Db } from './engine.ts'
import type { Ledger } from './ledger.ts'
import { rebuild } from './rebuild.ts'
import { rollUp } from './rollup.ts'
import { stateHash } from './state-hash.ts'
import {
  enrolTablet,
  type EngineName,
  id,
  makeChain,
  MONDAY_10AM,
  onBothEngines,
  openEmpty,
  recounted,
} from './test-ledger.ts'
import { type TimedDraft, writeDrafts } from './write.ts'

const DAY = 86_400_000
const TODAY = Math.floor(MONDAY_10AM / DAY)

/** Three records of one person, one who moved, one who is forgotten, and tallies. */
async function makeHistory(engine: EngineName) {
  const chain = await makeChain(await openEmpty(engine))
  const { ledger, admin, stores } = chain
  const tablets = [await enrolTablet(chain, 0), await enrolTablet(chain, 1)] as const
  const [first, second, third, moved, gone] = [id(), id(), id(), id(), id()]
  const at = (days: number) => MONDAY_10AM - days * DAY
  for (const [nth, tablet] of tablets.entries()) {
    const own = nth === 0 ? [first, moved, gone] : [second, third]
    await tablet.push(own.map((one) => tablet.customer(one, {}, at(200))))
    for (const [days, one] of [150, 60, 20, 3].flatMap((ago) =>
      own.map((who) => [ago, who] as const),
    ))
      await tablet.push([tablet.visit(one, stores[nth] ?? '', at(days), { spend_minor: 500 })])
    await tablet.push([tablet.visit(null, null, at(4), { count: 3 })])
    const tag = { tag_id: chain.tags[0], source: 'staff', home_store_id: stores[nth] }
    const tagged = { kind: 'tagging', record_id: own[0] ?? '', type: 'tag+' as const, payload: tag }
    await tablet.push([tablet.seal(tagged, at(20))])
  }
  // The one who lives in the first store was seen in the second one, too.
  await tablets[1].push([tablets[1].visit(moved, stores[0], at(10))])
  const act = async (
    record_id: string,
    home_store_id: string,
    what: Pick<TimedDraft, 'kind' | 'type'>,
    more: object,
    now = MONDAY_10AM,
  ) => {
    const payload = { home_store_id, ...more }
    const draft = { ...what, record_id, store_id: home_store_id, payload }
    const [result] = await writeDrafts(ledger, admin, [draft], now)
    expect(result?.status).toBe('applied')
  }
  const into = (into_id: string) => ({ into_id, into_home_store_id: stores[1] })
  const merge = { kind: 'customer', type: 'merge' } as const
  await act(first, stores[0], merge, into(second))
  await act(second, stores[1], merge, into(third))
  await act(moved, stores[0], { kind: 'transfer', type: 'set' }, { to_store_id: stores[2] })
  // After the merges: what an old tablet writes of the first is the third's.
  const [a] = tablets
  await a.push([a.visit(first, stores[0], MONDAY_10AM + DAY)], MONDAY_10AM + DAY)
  const erase = { kind: 'customer', type: 'erase' } as const
  await act(gone, stores[0], erase, { cause: 'request' }, MONDAY_10AM + 2 * DAY)
  while ((await rollUp(ledger)) > 0);
  return { ledger, stores, moved }
}

/** One thing that is kept and is not what the facts say. */
type Spoil = (ledger: Ledger, db: Db, people: { moved: string }) => PromiseLike<unknown>

const SPOILED: Record<string, { what: Difference['what']; spoil: Spoil }> = {
  'a row of the history': {
    what: 'history',
    spoil: ({ t: { history } }, db) =>
      db
        .update(history)
        .set({ visits: 9 })
        .where(eq(history.day, TODAY - 3)),
  },
  'a history that is not there': {
    what: 'history',
    spoil: ({ t: { history } }, db, { moved }) =>
      db.delete(history).where(eq(history.customer_id, moved)),
  },
  'a figure of a day': {
    what: 'figure',
    spoil: ({ t: { metricDay } }, db) =>
      db.update(metricDay).set({ value: 70, rolled: 70 }).where(eq(metricDay.metric, 'new')),
  },
  'the opening of a month that is not there': {
    what: 'figure',
    spoil: ({ t: { metricMonth } }, db) =>
      db.delete(metricMonth).where(eq(metricMonth.metric, 'active')),
  },
  'a movement': {
    what: 'movement',
    spoil: ({ t: { movement } }, db) =>
      db.update(movement).set({ day: 1 }).where(eq(movement.kind, 'lost')),
  },
  'a rollup of the chain': {
    what: 'rollup',
    spoil: ({ t: { rollupDay } }, db) =>
      db
        .update(rollupDay)
        .set({ value: 70 })
        .where(and(eq(rollupDay.scope, CHAIN), ne(rollupDay.value, 70))),
  },
  'a rollup of a month in which nothing happened': {
    what: 'rollup',
    spoil: ({ t: { rollupMonth } }, db) =>
      db.insert(rollupMonth).values({ scope: CHAIN, month: 10_957, metric: 'sum:new', value: 4 }),
  },
}

onBothEngines('whatever is kept wrong is found, and put right', async (engine) => {
  const { ledger, moved } = await makeHistory(engine)
  expect(await recounted(ledger)).toEqual([])
  const right = await stateHash(ledger)
  for (const [name, { what, spoil }] of Object.entries(SPOILED)) {
    await ledger.tx(async (db) => {
      await spoil(ledger, db, { moved })
    })
    const found = await rebuild(ledger, { write: false })
    expect(
      found.map((one) => one.what),
      name,
    ).toContain(what)
    const single = await rebuild(ledger, { write: false, rowsAtOnce: 1 })
    expect(single.length, name).toBe(found.length)
    let told = 0
    await rebuild(ledger, { write: true, rowsAtOnce: 1, found: () => (told += 1) })
    expect(told, name).toBeGreaterThan(0)
    expect(await recounted(ledger), name).toEqual([])
    const isNought = name.includes('nothing happened') // A figure of nothing stands as a nought.
    if (!isNought) expect(await stateHash(ledger), name).toBe(right)
  }
  await ledger.close()
})
