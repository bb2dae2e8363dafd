// Every screen of headquarters through the functions that the API calls, in three states: asked for
// the first time by a new process, again while nothing changed, and after each of many visits that
// came in and were rolled up.
import type { Scope } from '#model/access.ts'
import { DAY_MS } from '#model/calendar.ts'
import { periodBefore } from '#model/period.ts'
import { defaultWeights } from '#model/score/components.ts'
import { asOfStores } from '#sql/as-of.ts'
import { compareReport, tagMix } from '#sql/compare.ts'
import { ensureDesk } from '#sql/devices.ts'
import type { Ledger } from '#sql/ledger.ts'
import { historyReport, readOrg, storesReport } from '#sql/reports.ts'
import { rollUp } from '#sql/rollup.ts'
import { ScoreRuns } from '#sql/score-run.ts'
import { staffReport } from '#sql/staff-report.ts'
import { placeStatement, statementReport } from '#sql/statement-report.ts'
import type { Writer } from '#sql/write.ts'
import { mustWrite } from '../stores.ts'
import { quantile, timed } from '../measure.ts'
import { MONTH, PERIODS, period, QUARTER } from './asked.ts'
import { NOW, type ScaleChain, TODAY } from './chain.ts'

const HEADQUARTERS: Scope = { all: true }
/** Every change falls into it. */
const RUNNING = period('2026-Q4')
const AGAIN = 60
const CHANGES = 30
const SCORE_RUNS = 3

export interface Screen {
  name: string
  /** p95 in ms; null where there is none. */
  goalMs: number | null
  ask(ledger: Ledger): Promise<unknown>
}

/** Times in ms; `cpu95` is CPU of this process, which is the steadier figure on a busy machine. */
interface Times {
  p50: number
  p95: number
  cpu95: number
}

export interface Measured {
  name: string
  goalMs: number | null
  firstMs: number
  again: Times
  changed: Times
}

async function storePage(ledger: Ledger, store: string): Promise<void> {
  const asked = { period: MONTH, periods: PERIODS, vs: 'prev' as const, scopes: [store] }
  const year = TODAY - 365
  await historyReport(ledger, HEADQUARTERS, store, 'month', year, TODAY, NOW)
  await historyReport(ledger, HEADQUARTERS, store, 'month', year - 365, year, NOW)
  await compareReport(ledger, HEADQUARTERS, asked, NOW)
  await placeStatement(ledger, HEADQUARTERS, store, MONTH, NOW)
  await tagMix(ledger, HEADQUARTERS, store)
  await staffReport(ledger, HEADQUARTERS, store, MONTH)
}

export function screensOf(chain: ScaleChain): Screen[] {
  const [first] = chain.stores
  const regional: Scope = { all: false, region_id: first?.region_id ?? '', store_ids: [] }
  const some = chain.stores.filter((store) => store.region_id === first?.region_id)
  const comparing = { period: MONTH, periods: PERIODS, vs: 'prev' as const, scopes: null }
  const table = (text: string) => (ledger: Ledger) =>
    storesReport(ledger, HEADQUARTERS, period(text), NOW)
  const all = chain.stores.length
  return [
    {
      name: `stores table of ${all}, ${MONTH.text} and the month before`,
      goalMs: 40,
      ask: table(MONTH.text),
    },
    {
      name: `stores table of ${all}, the running month and the one before`,
      goalMs: 40,
      ask: table('2026-11'),
    },
    {
      name: `stores table of ${all}, 28 days and the 28 before`,
      goalMs: null,
      ask: table('28d@2026-11-01'),
    },
    {
      name: `statement of the chain, ${QUARTER.text}, ${all} stores`,
      goalMs: 100,
      ask: (ledger) => statementReport(ledger, HEADQUARTERS, QUARTER, 'restated', NOW),
    },
    {
      name: `statement of the chain, ${RUNNING.text}, ${all} stores`,
      goalMs: 100,
      ask: (ledger) => statementReport(ledger, HEADQUARTERS, RUNNING, 'restated', NOW),
    },
    {
      name: `compare ${some.length} stores over ${PERIODS} months`,
      goalMs: 300,
      ask: (ledger) => compareReport(ledger, regional, comparing, NOW),
    },
    {
      name: `stores page: all ${all} stores over ${PERIODS} months`,
      goalMs: null,
      ask: (ledger) => compareReport(ledger, HEADQUARTERS, comparing, NOW),
    },
    {
      name: 'store page, its six questions one after the other',
      goalMs: 100,
      ask: (ledger) => storePage(ledger, first?.id ?? ''),
    },
  ]
}

async function timesOf(
  count: number,
  ask: () => Promise<unknown>,
  before?: () => Promise<void>,
): Promise<Times> {
  const wall: number[] = []
  const cpu: number[] = []
  for (let nth = 0; nth < count; nth += 1) {
    await before?.()
    const { wallMs, cpuMs } = await timed(async () => void (await ask()))
    wall.push(wallMs)
    cpu.push(cpuMs)
  }
  return { p50: quantile(wall, 0.5), p95: quantile(wall, 0.95), cpu95: quantile(cpu, 0.95) }
}

/** Somebody came in without a name, and the figures are summed up; `undo` voids it all. */
async function changer(ledger: Ledger, chain: ScaleChain) {
  const actor_id = chain.admin_id
  const writer: Writer = { session: await ensureDesk(ledger), actor_id, unlock_id: null }
  const made: { store_id: string; kind: string; record_id: string }[] = []
  const write = async (drafts: Parameters<typeof mustWrite>[2]) => {
    await mustWrite(ledger, writer, drafts, NOW)
    while ((await rollUp(ledger)) > 0);
  }
  const change = async () => {
    const store = chain.stores[made.length % chain.stores.length]
    const payload = { customer_id: null, home_store_id: null, count: 2, purpose: 'buy' }
    const record_id = ledger.ports.uuid()
    const visit = { store_id: store?.id ?? '', kind: 'visit', record_id }
    made.push(visit)
    // Every other one comes in late: the month that is over changes, too.
    const at = made.length % 2 === 0 ? NOW : NOW - 9 * DAY_MS
    await write([{ ...visit, type: 'visit', payload, at }])
  }
  const undo = () => write(made.map((visit) => ({ ...visit, type: 'void', payload: {} })))
  return { change, undo }
}

/** `open` gives the ledger anew, as a process that has just begun has it. */
export async function measureScreens(
  open: () => Promise<Ledger>,
  chain: ScaleChain,
): Promise<Measured[]> {
  const measured: Measured[] = []
  for (const { name, goalMs, ask } of screensOf(chain)) {
    const ledger = await open()
    const { p50: firstMs } = await timesOf(1, () => ask(ledger))
    const again = await timesOf(AGAIN, () => ask(ledger))
    const { change, undo } = await changer(ledger, chain)
    const changed = await timesOf(CHANGES, () => ask(ledger), change)
    await undo()
    await ledger.close()
    measured.push({ name, goalMs, firstMs, again, changed })
    printScreen(measured.at(-1))
  }
  return measured
}

function printScreen(one: Measured | undefined): void {
  if (!one) return
  const { name, goalMs, firstMs, again, changed } = one
  const ms = ({ p50, p95, cpu95 }: Times) =>
    `p50 ${p50.toFixed(1)}, p95 ${p95.toFixed(1)} ms (CPU p95 ${cpu95.toFixed(1)})`
  const worst = Math.max(again.p95, changed.p95)
  const verdict =
    goalMs === null ? '' : `; goal p95 ${goalMs} ms: ${worst <= goalMs ? 'reached' : 'NOT reached'}`
  console.log(`${name}\n  again ${ms(again)}; after each change ${ms(changed)}${verdict}`)
  console.log(`  first in a new process ${firstMs.toFixed(0)} ms`)
}

/** A run of the score for all stores, computed each time. */
export async function measureScore(open: () => Promise<Ledger>): Promise<void> {
  for (const asked of [MONTH, QUARTER, periodBefore(QUARTER)]) {
    const ledger = await open()
    for (let nth = 0; nth < SCORE_RUNS; nth += 1) {
      const runs = new ScoreRuns(ledger, () => NOW)
      const ask = { period: asked, weights: defaultWeights() }
      const org = await readOrg(ledger)
      const asOf = await asOfStores(ledger)
      let stores = 0
      const { wallMs, cpuMs } = await timed(async () => {
        stores = (await runs.of(ask, org, asOf)).stores.length
      })
      const which = nth === 0 ? 'first in a new process' : 'again, computed anew'
      const verdict = wallMs <= 5000 ? 'reached' : 'NOT reached'
      console.log(
        `score of ${stores} stores, ${asked.text}, ${which}: ${(wallMs / 1000).toFixed(2)} s, ` +
          `${(cpuMs / 1000).toFixed(2)} s of CPU; goal 5 s: ${verdict}`,
      )
    }
    await ledger.close()
  }
}
