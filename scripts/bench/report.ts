import { monthStart } from '#model/calendar.ts'
import { parsePeriod, periodBefore, type Period } from '#model/period.ts'
import type { Ledger } from '#sql/ledger.ts'
import { openLedger } from '#sql/open-ledger.ts'
import { nodePorts } from '#sql/ports.ts'
import { storesReport } from '#sql/reports.ts'
import { insertRows } from '#sql/rows.ts'
import { type Figure, quantile } from './measure.ts'
import { makeStores } from './stores.ts'

// Headquarters' table of 5,000 stores. The rollups are written directly, as the roll-up would
// leave them: the report's cost is what is measured, not the way its rows came to be.
const STORES = 5000
const RUNS = 15
const FLOWS = ['identified', 'anonymous', 'identified_tallied', 'spend', 'sales', 'new']
const COUNTS = ['visitors_m', 'returning_m', 'active', 'tagged:any', 'visitors_28d', 'lost']

async function writeMonth(ledger: Ledger, scopes: string[], period: Period): Promise<void> {
  const month = monthStart(period.from)
  const { rollupMonth, rollupDay } = ledger.t
  const rows = scopes.flatMap((scope, index) =>
    [
      ...[...FLOWS, ...COUNTS].map((metric) => ({ metric: `sum:${metric}`, value: index % 97 })),
      { metric: 'open:active', value: 100 },
      { metric: 'open:tagged:any', value: 60 },
    ].map((row) => ({ ...row, scope, month })),
  )
  const days = scopes.flatMap((scope) =>
    FLOWS.map((metric) => ({ scope, day: month + 3, metric, value: 5 })),
  )
  await ledger.tx(async (db) => {
    await insertRows(db, rollupMonth, rows)
    await insertRows(db, rollupDay, days)
  })
}

/** The report of one month and the month before at 5,000 stores, against reading the same rows. */
export async function benchReport(now: number): Promise<Figure[]> {
  const ledger = await openLedger(':memory:', nodePorts)
  const { stores, region_id } = await makeStores(ledger, STORES, 0, now)
  const period = parsePeriod('2026-10')
  if (!period) throw new Error('unreachable: the period is well formed')
  const scopes = ['chain', region_id, ...stores.map((store) => store.id)]
  await writeMonth(ledger, scopes, period)
  await writeMonth(ledger, scopes, periodBefore(period))
  const ours: number[] = []
  const floor: number[] = []
  for (let run = 0; run < RUNS; run += 1) {
    let start = performance.now()
    const { rows } = await storesReport(ledger, { all: true }, period, now)
    ours.push(performance.now() - start)
    if (rows.length < STORES) throw new Error('the report lacks stores')
    start = performance.now()
    await ledger.db.select().from(ledger.t.rollupMonth)
    floor.push(performance.now() - start)
  }
  await ledger.close()
  const [p50, p95, bare] = [quantile(ours, 0.5), quantile(ours, 0.95), quantile(floor, 0.5)]
  return [
    {
      name: `Report of ${STORES} stores, one month and the one before`,
      value: `p50 ${p50.toFixed(0)} ms, p95 ${p95.toFixed(0)} ms`,
      floor: `p50 ${bare.toFixed(0)} ms to read all rows of both months`,
      ratio: p50 / bare,
      goal: 'p95 40 ms',
      reached: p95 <= 40,
    },
  ]
}
