import { and, eq, min } from 'drizzle-orm'
import {
  asClosed,
  completed,
  emptyStatement,
  joined,
  refuseClose,
  wholeMonths,
} from '#model/as-closed.ts'
import { CHAIN } from '#model/id.ts'
import { monthOf, parsePeriod, type Period } from '#model/period.ts'
import { footingFaults, type ScopedStatement, type Statement } from '#model/statement.ts'
import { derivedId } from './derived-id.ts'
import { listDeskRecords } from './desk-records.ts'
import { seenOps } from './append.ts'
import { lockDevice } from './device-state.ts'
import type { Db } from './engine.ts'
import type { Ledger } from './ledger.ts'
import { readOrg } from './reports.ts'
import { movedByDefinitions } from './restatements.ts'
import { retried } from './retried.ts'
import { isBehind, rollUp } from './rollup.ts'
import { chunksOf, insertNew } from './rows.ts'
import { statements } from './statement.ts'
import { type Writer, writeDraftsIn } from './write.ts'

// Closing a month freezes its statement, of every scope at once. Nothing else changes: the ledger
// goes on taking late facts, and what they change in a closed month is told apart.

const INSERTED_AT_ONCE = 500
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

/** What a month was closed with, by scope; nothing where it was not. */
async function closedStatements(ledger: Ledger, month: number): Promise<Map<string, Statement>> {
  const { closedStatement } = ledger.t
  const rows = await ledger.db
    .select()
    .from(closedStatement)
    .where(eq(closedStatement.month, month))
  return new Map(rows.map(({ scope, statement }) => [scope, completed(statement)]))
}

type Placed = Pick<ScopedStatement, 'scope' | 'level' | 'region_id'>

async function allScopes(ledger: Ledger): Promise<Placed[]> {
  const { stores, regions } = await readOrg(ledger)
  return [
    { scope: CHAIN, level: 'chain', region_id: null },
    ...regions.map(({ id }): Placed => ({ scope: id, level: 'region', region_id: null })),
    ...stores.map(({ id, region_id }): Placed => ({ scope: id, level: 'store', region_id })),
  ]
}

/** Closed months of every scope, joined; read month by month, since each has a row per scope. */
async function joinedMonths(ledger: Ledger, months: readonly number[], scopes: readonly Placed[]) {
  const whole = new Map<string, Statement>()
  for (const month of months) {
    const stood = await closedStatements(ledger, month)
    for (const { scope } of scopes) {
      const known = whole.get(scope)
      // A scope that is younger than the close stood at nothing.
      const next = stood.get(scope) ?? emptyStatement()
      whole.set(scope, known ? joined([known, next]) : next)
    }
  }
  return whole
}

/**
 * The statements of a period as its months were closed, of every scope; null when there is nothing
 * to tell apart: the period cuts a month, or neither its first month nor the one before was closed.
 * Closed months are what was kept of them; only what follows the last close is counted anew. Months
 * before the first close had no figures then, so they are closed with nothing.
 */
export async function statementsAsClosed(
  ledger: Ledger,
  period: Pick<Period, 'from' | 'to'>,
  today: number,
): Promise<ScopedStatement[] | null> {
  const months = wholeMonths(period)
  const last = (await readCloses(ledger)).at(-1)
  const before = monthOf(period.from - 1).from
  if (!months || !last || before > last.month) return null
  const openFrom = Math.max(period.from, monthOf(last.month).to)
  const open =
    openFrom < period.to ? await statements(ledger, { from: openFrom, to: period.to }, today) : null
  const scopes = open ?? (await allScopes(ledger))
  const closed = months.filter((month) => month < openFrom)
  const stood = await joinedMonths(ledger, closed, scopes)
  const earlier = closed.length > 0 ? null : await closedStatements(ledger, before)
  const redefined = await movedByDefinitions(ledger, last.month)
  return scopes.map(({ scope, level, region_id }, at) => {
    const whole = stood.get(scope)
    const opening = earlier?.get(scope) ?? emptyStatement()
    const moved = redefined.get(scope)
    const one = asClosed(whole ? [whole] : [], open?.[at] ?? null, opening, moved)
    return { scope, level, region_id, ...one }
  })
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
    op_id: ledger.ports.uuid(),
  }
  return retried(() =>
    ledger.tx(async (db) => {
      await lockDevice(ledger, db, writer.session)
      // The try before was committed, and nobody heard of it.
      const first = (await seenOps(ledger, db, [draft])).get(draft.op_id)
      if (first) return first.status === 'applied' ? null : 'refused'
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
