// The bench speaks for 5,000 stores by rows that it made itself. What is at stake: rows that the
// product would never have written, and figures in the README that are those of another chain.
import { expect, test } from 'vitest'
import { must } from '#model/assert.ts'
import { statements } from '#sql/statement.ts'
import { footingFaults } from '#model/statement.ts'
import { rebuild } from '#sql/rebuild.ts'
import { QUARTER } from './asked.ts'
import { factsOfStore, TODAY } from './chain.ts'
import { rebuiltChain, streamedDifferences } from './rebuild-cost.ts'

test('what is streamed for a large chain is what a rebuild counts from its facts', async () => {
  const size = { stores: 12, days: 400, visits: 2_400 }
  const { ledger, chain, visits } = await rebuiltChain(':memory:', size)
  expect(visits).toBeGreaterThanOrEqual(size.visits * 0.95)
  const before = await streamedDifferences(ledger, chain)
  expect(before.length).toBeGreaterThan(1_000)
  await rebuild(ledger, { write: true })
  expect(await streamedDifferences(ledger, chain)).toEqual([])
  expect(await rebuild(ledger, { write: false })).toEqual([])
  const all = await statements(ledger, QUARTER, TODAY)
  expect(footingFaults(all)).toEqual([])
  expect(must(all[0], 'the chain').customers.new).toBeGreaterThan(10)
  const away = factsOfStore(chain, 0).customers.flatMap(({ home, history }) =>
    history.filter((row) => row.store_id !== home),
  )
  expect(away.length).toBeGreaterThan(0)
  await ledger.close()
}, 60_000)
