// What is at stake: a ledger of an older version whose figures are changed by difference as if they
// had been computed by today's definitions, and are wrong from then on without anybody knowing.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eq } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { FIGURES_VERSION } from '#model/fold.ts'
import { CHAIN } from '#model/id.ts'
import { openLedger } from './open-ledger.ts'
import { nodePorts } from './ports.ts'
import { rebuild } from './rebuild.ts'
import { stateHash } from './state-hash.ts'
import { enrolTablet, id, makeChain } from './test-ledger.ts'

test('figures of older definitions are counted anew when the ledger is opened', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'regulars-restate-'))
  const path = join(folder, 'ledger.sqlite')
  const chain = await makeChain(await openLedger(path, nodePorts))
  const tablet = await enrolTablet(chain, 0)
  const customer = id()
  await tablet.push([tablet.customer(customer, { home_store_id: chain.stores[0] })])
  await tablet.push([tablet.visit(customer, chain.stores[0])])
  expect(await rebuild(chain.ledger, { write: false })).toEqual([])
  expect(await chain.ledger.db.select().from(chain.ledger.t.movement)).toMatchObject([
    { kind: 'lost', customer_id: customer },
    { kind: 'new', customer_id: customer },
  ])
  const right = await stateHash(chain.ledger)
  const { movement, metricDay, figuresState } = chain.ledger.t
  await chain.ledger.tx(async (db) => {
    await db.delete(movement)
    await db.update(metricDay).set({ value: 7 })
    await db.update(figuresState).set({ version: 1 }).where(eq(figuresState.id, CHAIN))
  })
  await chain.ledger.close()

  const reopened = await openLedger(path, nodePorts)
  expect(await rebuild(reopened, { write: false })).toEqual([])
  expect(await stateHash(reopened)).toBe(right)
  const isDefinitions = eq(figuresState.id, CHAIN)
  expect(await reopened.db.select().from(figuresState).where(isDefinitions)).toMatchObject([
    { version: FIGURES_VERSION },
  ])
  await reopened.close()
  rmSync(folder, { recursive: true })
})
