// One process of push-cost.ts: a chain with so many days of history, and tablets that push to it.
// The last line that it prints is what that took, as JSON.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { rebuild } from '#sql/rebuild.ts'
import { timed } from '../measure.ts'
import { loadsOf, pushAll } from '../push.ts'
import { factsOfStore, NOW } from './chain.ts'
import { rebuiltChain } from './rebuild-cost.ts'

const STORES = 20
const VISITS_A_DAY = 1
const CUSTOMERS = 100

const days = Number(process.argv[2])
const folder = mkdtempSync(join(tmpdir(), 'regulars-bench-'))
const size = { stores: STORES, days, visits: STORES * days * VISITS_A_DAY }
const { ledger, chain } = await rebuiltChain(join(folder, 'ledger.sqlite'), size)
await rebuild(ledger, { write: true })
const stores = chain.stores.map(({ id, clerk }, nth) => {
  // Those who came last: who would come again.
  const customers = factsOfStore(chain, nth)
    .customers.toSorted((a, b) => (b.history.at(-1)?.day ?? 0) - (a.history.at(-1)?.day ?? 0))
    .slice(0, CUSTOMERS)
  return { id, clerk, customers: customers.map((one) => one.id) }
})
const loads = await loadsOf(ledger, stores, chain.admin_id, NOW)
const { wallMs, cpuMs } = await timed(() => pushAll(ledger, loads, NOW))
const ops = loads.reduce((sum, { batches }) => sum + batches.flat().length, 0)
await ledger.close()
rmSync(folder, { recursive: true, force: true })
console.log(JSON.stringify({ ops, wallMs, cpuMs }))
