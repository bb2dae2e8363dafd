import { and, eq, inArray, min } from 'drizzle-orm'
import { asClosed, type MonthOfScope, refuseClose, wholeMonths } from '#model/as-closed.ts'
import { CHAIN } from '#model/id.ts'
import { monthOf, parsePeriod, type Period } from '#model/period.ts'
import { footingFaults, type ScopedStatement, type Statement } from '#model/statement.ts'
import { derivedId } from './derived-id.ts'
import { listDeskRecords } from './desk-records.ts'
import { lockDevice } from './device-state.ts'
import type { Db } from './engine.ts'
import type { Ledger } from './ledger.ts'
import { retried } from './retried.ts'
import { isBehind, rollUp } from './rollup.ts'
import { chunksOf, insertNew } from './rows.ts'
import { statements } from './statement.ts'
import { type Writer, writeDraftsIn } from './write.ts'

// Closing a month freezes its statement, of every scope at once. Nothing else changes: the ledger
// goes on taking late facts, and what they change in a closed month is told apart.

const INSERTED_AT_ONCE = 500
/** The view as closed is put together month by month, so it is not for decades. */
const MONTHS_MAX = 24
/** Turns of the roll-ups that a close waits for: on a busy chain today is never done. */
const ROLL_TURNS_MAX = 50

export interface Close {
  /** The first day of the month. */
  month: number
  text: string
  at: number
  /** The person's id. */
  by: string
}

/** The months that were closed, in their order. */
export async function readCloses(ledger: Ledger, db: Db = ledger.db): Promise<Close[]> {
  const records = await listDeskRecords(ledger, 'period_close', db)
  const closes = records.flatMap(({ fields, stamps }): Close[] => {
    const period = parsePeriod(String(fields['period']))
    const stamp = stamps['period']
    return period && stamp
      ? [{ month: period.from, text: period.text, at: stamp[0], by: String(fields['by']) }]
      : []
  })
  return closes.sort((a, b) => a.month - b.month)
}

async function closedStatements(
  ledger: Ledger,
  months: readonly number[],
): Promise<Map<number, Map<string, Statement>>> {
  const { closedStatement } = ledger.t
  const found = new Map<number, Map<string, Statement>>()
  if (months.length === 0) return found
  const rows = await ledger.db
    .select()
    .from(closedStatement)
    .where(inArray(closedStatement.month, [...months]))
  for (const { month, scope, statement } of rows) {
    const scopes = found.get(month) ?? new Map<string, Statement>()
    found.set(month, scopes.set(scope, statement))
  }
  return found
}

/**
 * The statements of a period as its months were closed, of every scope; null when there is nothing
 * to tell apart: the period cuts a month, or no month up to its end was closed.
 */
export async function statementsAsClosed(
  ledger: Ledger,
  period: Pick<Period, 'from' | 'to'>,
  today: number,
): Promise<ScopedStatement[] | null> {
  const all = wholeMonths(period)
  if (all && all.length > MONTHS_MAX) return null
  const closed = new Set((await readCloses(ledger)).map(({ month }) => month))
  const before = monthOf(period.from - 1).from
  if (!all?.some((month) => closed.has(month) || closed.has(before))) return null
  const months = all.filter((month, nth) => nth === 0 || month <= today)
  const kept = await closedStatements(
    ledger,
    [before, ...months].filter((month) => closed.has(month)),
  )
  const restated: ScopedStatement[][] = []
  for (const month of months) restated.push(await statements(ledger, monthOf(month), today))
  const [first = []] = restated
  const byScope = restated.map((some) => new Map(some.map((one) => [one.scope, one])))
  return first.map((one) => {
    const ofScope = months.map((month, nth): MonthOfScope => {
      // A scope that came into being while we read is told of the next time.
      const { customers, value } = byScope[nth]?.get(one.scope) ?? asClosed([], null)
      const stood = kept.get(month)
      return { restated: { customers, value }, closed: stood ? standing(stood, one.scope) : null }
    })
    const last = kept.get(before)
    return { ...one, ...asClosed(ofScope, last ? standing(last, one.scope) : null) }
  })
}

/** A scope that is younger than the close stood at nothing. */
function standing(stood: ReadonlyMap<string, Statement>, scope: string): Statement {
  return stood.get(scope) ?? asClosed([], null)
}

export type CloseRefusal =
  | NonNullable<ReturnType<typeof refuseClose>>
  | 'does-not-foot' // Figures are still being summed up, or the statement is wrong: ask again.
  | 'refused'

/** The first month with figures; null without any. */
export async function firstMonth(ledger: Ledger): Promise<number | null> {
  const { rollupMonth } = ledger.t
  const [first] = await ledger.db
    .select({ month: min(rollupMonth.month) })
    .from(rollupMonth)
    .where(and(eq(rollupMonth.scope, CHAIN), eq(rollupMonth.metric, 'sum:new')))
  return first?.month ?? null
}

/** The statements that a month is closed with, or why it cannot be closed. */
async function readyToClose(
  ledger: Ledger,
  db: Db,
  month: Period,
  today: number,
): Promise<ScopedStatement[] | CloseRefusal> {
  const closed = (await readCloses(ledger, db)).map((close) => close.month)
  const refusal = refuseClose(month, closed, await firstMonth(ledger), today)
  if (refusal) return refusal
  if (await isBehind(ledger, month.to)) return 'does-not-foot'
  const stands =
    (await statementsAsClosed(ledger, month, today)) ?? (await statements(ledger, month, today))
  return footingFaults(stands).length > 0 ? 'does-not-foot' : stands
}

/**
 * Closes a month in the writer's name. Null when it is closed, else why not. The desk's device is
 * locked first, so two who close at once do so one after the other.
 */
export async function closeMonth(
  ledger: Ledger,
  writer: Writer,
  month: Period,
  today: number,
  clock: () => number,
): Promise<CloseRefusal | null> {
  for (let turn = 0; turn < ROLL_TURNS_MAX && (await isBehind(ledger, month.to)); turn += 1)
    await rollUp(ledger)
  const draft = {
    ...{ store_id: CHAIN, kind: 'period_close' },
    record_id: derivedId(ledger, `period_close|${month.text}`),
    ...{ type: 'create' as const, payload: { period: month.text, by: writer.actor_id } },
  }
  return retried(() =>
    ledger.tx(async (db) => {
      await lockDevice(ledger, db, writer.session)
      const stands = await readyToClose(ledger, db, month, today)
      if (typeof stands === 'string') return stands
      const [result] = await writeDraftsIn(ledger, db, writer, [draft], clock())
      if (result?.status !== 'applied') return 'refused'
      const rows = stands.map(({ scope, customers, value }) => {
        return { month: month.from, scope, statement: { customers, value } }
      })
      for (const chunk of chunksOf(rows, INSERTED_AT_ONCE))
        await insertNew(db, ledger.t.closedStatement, chunk)
      return null
    }),
  )
}
