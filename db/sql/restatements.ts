import { and, desc, eq, isNotNull } from 'drizzle-orm'
import { FIGURES_VERSION } from '#model/fold.ts'
import type { DefinitionsReport, RestatementRow } from '#model/report.ts'
import type { Amounts } from '#model/statement.ts'
import type { Ledger } from './ledger.ts'
import { readOrg, todayAt } from './reports.ts'

// When the kept figures were counted anew because definitions changed, and what it came to.

/** Every one that was finished, the latest first. */
export async function readRestatements(ledger: Ledger): Promise<RestatementRow[]> {
  const { restatement } = ledger.t
  const rows = await ledger.db
    .select({
      at: restatement.finished_at,
      from_version: restatement.from_version,
      to_version: restatement.to_version,
      from_activity_days: restatement.from_activity_days,
      to_activity_days: restatement.to_activity_days,
      figures: restatement.figures,
      stores: restatement.stores,
    })
    .from(restatement)
    .where(isNotNull(restatement.finished_at))
    .orderBy(desc(restatement.finished_at), desc(restatement.to_version))
  const org = await readOrg(ledger)
  return rows.flatMap(({ at, ...row }) =>
    at === null ? [] : [{ ...row, at, day: todayAt(org, at) }],
  )
}

export async function definitionsReport(ledger: Ledger): Promise<DefinitionsReport> {
  return { version: FIGURES_VERSION, restatements: await readRestatements(ledger) }
}

/** By how much definitions moved a month's closing after its close, by scope. */
export async function movedByDefinitions(
  ledger: Ledger,
  month: number,
): Promise<Map<string, Amounts>> {
  const { restatement } = ledger.t
  const rows = await ledger.db
    .select({ effects: restatement.effects })
    .from(restatement)
    .where(and(eq(restatement.month, month), isNotNull(restatement.finished_at)))
  const moved = new Map<string, Amounts>()
  for (const { effects } of rows)
    for (const [scope, { customers, value }] of Object.entries(effects)) {
      const sum = moved.get(scope) ?? { customers: 0, value: 0 }
      moved.set(scope, { customers: sum.customers + customers, value: sum.value + value })
    }
  return moved
}
