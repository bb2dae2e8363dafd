// What a rebuild of everything costs, and the proof that the rollups which are streamed for the
// large chain are those which the product's own rebuild writes.
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { addFigure, figureKey, type Figures } from '#model/figures.ts'
import { compareFigures } from '#sql/difference.ts'
import type { Ledger } from '#sql/ledger.ts'
import { openLedger } from '#sql/open-ledger.ts'
import { rebuild } from '#sql/rebuild.ts'
import { peakMb } from '../../balance/run.ts'
import { timed } from '../measure.ts'
import { loadBooks } from './books.ts'
import { factsOfStore, foundChain, type ScaleChain, scalePorts, type Size } from './chain.ts'
import { CLUSTER } from './chain.ts'
import { StreamedRollups } from './figures.ts'

/** Rollups of more do not fit into one map in memory. */
const COMPARED_STORES_MAX = 500

/** How far the streamed rollups and those in a ledger are apart; empty when they are the same. */
export async function streamedDifferences(ledger: Ledger, chain: ScaleChain): Promise<string[]> {
  const streamed: Figures = new Map()
  const regions = new Map(chain.stores.map(({ id, region_id }) => [id, region_id]))
  const rollups = new StreamedRollups(regions)
  const emit: Parameters<StreamedRollups['addCluster']>[1] = (table, scope, day, metric, value) =>
    addFigure(streamed, figureKey(table, scope, day, metric), value)
  for (let first = 0; first < chain.stores.length; first += CLUSTER)
    rollups.addCluster(
      chain.stores.slice(first, first + CLUSTER).map(({ id }, nth) => {
        return { store_id: id, facts: factsOfStore(chain, first + nth) }
      }),
      emit,
    )
  rollups.finish(emit)
  const kept: Figures = new Map()
  const { rollupDay, rollupMonth } = ledger.t
  for (const row of await ledger.db.select().from(rollupDay))
    addFigure(kept, figureKey('d', row.scope, row.day, row.metric), row.value)
  for (const row of await ledger.db.select().from(rollupMonth))
    addFigure(kept, figureKey('m', row.scope, row.month, row.metric), row.value)
  return compareFigures('rollup', 'chain', kept, streamed).map((one) => JSON.stringify(one))
}

/** A chain whose books are filled and whose figures were counted by the product. */
export async function rebuiltChain(url: string, size: Size) {
  const ledger = await openLedger(url, scalePorts())
  const chain = await foundChain(ledger, size)
  const visits = await loadBooks(ledger, chain, [...chain.stores.keys()])
  return { ledger, chain, visits }
}

export async function benchRebuild(size: Size): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'regulars-bench-'))
  const path = join(folder, 'ledger.sqlite')
  const { ledger, chain, visits } = await rebuiltChain(path, size)
  const facts = statSync(path).size
  let differences = 0
  const first = await timed(async () => {
    await rebuild(ledger, { write: true, found: () => (differences += 1) })
  })
  const peak = peakMb() // The comparison below holds all figures at once.
  const isCompared = size.stores <= COMPARED_STORES_MAX
  const wrong = isCompared ? await streamedDifferences(ledger, chain) : []
  if (wrong.length > 0) throw new Error(`${wrong.length} streamed rollups differ: ${wrong[0]}`)
  const second = await timed(async () => {
    const again = await rebuild(ledger, { write: false })
    if (again.length > 0) throw new Error(`${again.length} figures differ after a rebuild`)
  })
  await ledger.close()
  const mb = (bytes: number) => `${(bytes / 1e6).toFixed(0)} MB`
  const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`
  console.log(
    `rebuild of ${size.stores} stores, ${visits} visits, ${size.days} days: ${differences} figures ` +
      `written in ${seconds(first.wallMs)} (${seconds(first.cpuMs)} of CPU), compared again in ` +
      `${seconds(second.wallMs)}; file ${mb(facts)} of facts, ${mb(statSync(path).size)} with ` +
      `figures; peak memory of the first ${peak ?? 'unknown'} MB; ` +
      (isCompared ? 'equal to what is streamed' : 'too many to compare to what is streamed'),
  )
  rmSync(folder, { recursive: true, force: true })
}
