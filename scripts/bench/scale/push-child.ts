// One process of push-cost.ts: a chain with so many days of history, and tablets that push to it
// visits of those who come anyway (`regulars`) or of people who were enrolled just now (`new`).
// The last line that it prints is what that took, as JSON.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ensureDesk } from '#sql/devices.ts'
import { rebuild } from '#sql/rebuild.ts'
import { timed } from '../measure.ts'
import { loadsOf, pushAll } from '../push.ts'
import { factsOfStore, NOW } from './chain.ts'
import { rebuiltChain } from './rebuild-cost.ts'
import { type BenchStore, mustWrite } from '../stores.ts'

const STORES = 20
const VISITS_A_DAY = 1
/** People of a store whose visits are pushed: as many as come there within the first month. */
const PEOPLE = 15

const days = Number(process.argv[2])
const isNew = process.argv[3] === 'new'
const folder = mkdtempSync(join(tmpdir(), 'regulars-bench-'))
const size = { stores: STORES, days, visits: STORES * days * VISITS_A_DAY }
const { ledger, chain } = await rebuiltChain(join(folder, 'ledger.sqlite'), size)
await rebuild(ledger, { write: true })
const writer = { session: await ensureDesk(ledger), actor_id: chain.admin_id, unlock_id: null }

/** People who are enrolled in a store now, and have never come. */
async function newcomers(store_id: string): Promise<string[]> {
  const drafts = Array.from({ length: PEOPLE }, () => {
    const record = { kind: 'customer', record_id: ledger.ports.uuid(), type: 'create' as const }
    return { store_id, ...record, payload: { name: '张伟', home_store_id: store_id } }
  })
  await mustWrite(ledger, writer, drafts, NOW)
  return drafts.map(({ record_id }) => record_id)
}

/** Those who came last: who would come again. */
function regularsOf(nth: number): string[] {
  const customers = factsOfStore(chain, nth)
    .customers.toSorted((a, b) => (b.history.at(-1)?.day ?? 0) - (a.history.at(-1)?.day ?? 0))
    .slice(0, PEOPLE)
  return customers.map((one) => one.id)
}

const stores: BenchStore[] = []
for (const [nth, { id, clerk }] of chain.stores.entries())
  stores.push({ id, clerk, customers: isNew ? await newcomers(id) : regularsOf(nth) })
const loads = await loadsOf(ledger, stores, chain.admin_id, NOW)
const { wallMs, cpuMs } = await timed(() => pushAll(ledger, loads, NOW))
const ops = loads.reduce((sum, { batches }) => sum + batches.flat().length, 0)
await ledger.close()
rmSync(folder, { recursive: true, force: true })
console.log(JSON.stringify({ ops, wallMs, cpuMs }))
