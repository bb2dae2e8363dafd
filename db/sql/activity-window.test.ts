// What is at stake: a chain whose customers come every four months, half of whom count as lost by
// a window of 90 days. Another window restates all of history: what is kept, what a push adds and
// what the recount from the visits finds must agree on it, also after an interruption.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eq } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { must } from '#model/assert.ts'
import { DAY_MS } from '#model/calendar.ts'
import { FIGURES_VERSION } from '#model/fold.ts'
import { parsePeriod, type Period } from '#model/period.ts'
import type { Ledger } from './ledger.ts'
import { openLedger } from './open-ledger.ts'
import { nodePorts } from './ports.ts'
import { rebuild } from './rebuild.ts'
import { recount } from './recount.ts'
import { restate } from './restate.ts'
import { readRestatements } from './restatements.ts'
import { rollUp } from './rollup.ts'
import { stateHash } from './state-hash.ts'
import { statementReport } from './statement-report.ts'
import {
  enrolTablet,
  id,
  makeChain,
  MONDAY_10AM,
  onBothEngines,
  openEmpty,
  type Tablet,
} from './test-ledger.ts'

const TODAY = Math.floor(MONDAY_10AM / DAY_MS)
const LATER = MONDAY_10AM + 60_000
const HEADQUARTERS = { all: true } as const

function period(text: string): Period {
  return must(parsePeriod(text), text)
}

/** Pushes somebody who came so many days ago, each time. */
async function come(tablet: Tablet, storeId: string, daysAgo: readonly number[]): Promise<string> {
  const customer = id()
  const at = (ago: number) => MONDAY_10AM - ago * DAY_MS
  const created = tablet.customer(customer, { name: 'Li' }, at(Math.max(...daysAgo)))
  const visits = daysAgo.map((ago) =>
    tablet.visit(customer, storeId, at(ago), { spend_minor: 500 }),
  )
  await tablet.push([created, ...visits])
  return customer
}

/** One comes weekly, one came 150 and 50 days ago, one once, 60 days ago. */
async function fill(ledger: Ledger) {
  const chain = await makeChain(ledger)
  const tablets = [await enrolTablet(chain, 0), await enrolTablet(chain, 2)] as const
  await come(tablets[0], chain.stores[0], [30, 23, 16, 9, 2])
  const slow = await come(tablets[0], chain.stores[0], [150, 50])
  await come(tablets[1], chain.stores[2], [60])
  while ((await rollUp(ledger)) > 0);
  return { ...chain, tablets, slow }
}

async function chainOf(ledger: Ledger, of: Period) {
  const report = await statementReport(ledger, HEADQUARTERS, of, 'restated', MONDAY_10AM)
  expect(report.faults).toEqual([])
  return must(report.rows.find(({ scope }) => scope === 'chain') ?? null, 'chain').customers
}

/** Kept, rebuilt and counted from the visits: all three are one. */
async function expectWhole(ledger: Ledger) {
  expect(await rebuild(ledger, { write: false })).toEqual([])
  for (const day of [TODAY, TODAY - 40, TODAY - 100])
    expect((await recount(ledger, day, LATER)).faults, `day ${day}`).toEqual([])
}

/** The window that the ledger itself holds, whatever the process that has it open knows. */
async function keptDays({ db, t: { figuresState } }: Ledger): Promise<number | undefined> {
  const rows = await db.select().from(figuresState).where(eq(figuresState.id, 'activity_days'))
  return rows[0]?.version
}

const YEAR = period('2026')

onBothEngines(
  'figures are kept by the window of the chain, and another restates them',
  async (engine) => {
    const { ledger, tablets, stores, slow } = await fill(await openEmpty(engine))
    const before = await stateHash(ledger)
    expect(await chainOf(ledger, YEAR)).toMatchObject({
      new: 3,
      reactivated: 1,
      lost: 1,
      closing: 3,
    })

    const done = await restate(ledger, () => LATER, 45)
    expect(done).toMatchObject({
      ...{ from_version: FIGURES_VERSION, to_version: FIGURES_VERSION },
      ...{ from_activity_days: 90, to_activity_days: 45, stores: 2 },
    })
    expect(await chainOf(ledger, YEAR)).toMatchObject({
      new: 3,
      reactivated: 1,
      lost: 3,
      closing: 1,
    })
    await expectWhole(ledger)
    expect(await readRestatements(ledger)).toEqual([{ ...done, at: LATER, day: TODAY }])

    // What comes in from now on is added by the same window.
    await tablets[0].push([tablets[0].visit(slow, stores[0], MONDAY_10AM - DAY_MS)])
    await come(tablets[1], stores[2], [200, 160, 110, 20])
    while ((await rollUp(ledger)) > 0);
    expect(await chainOf(ledger, YEAR)).toMatchObject({
      new: 4,
      reactivated: 4,
      lost: 5,
      closing: 3,
    })
    await expectWhole(ledger)

    expect(await restate(ledger, () => LATER, 365)).toMatchObject({ to_activity_days: 365 })
    expect(await chainOf(ledger, YEAR)).toMatchObject({
      new: 4,
      reactivated: 0,
      lost: 0,
      closing: 4,
    })
    await expectWhole(ledger)
    expect(await restate(ledger, () => LATER, 365)).toBeNull()
    expect(await stateHash(ledger)).not.toBe(before)
    await ledger.close()
  },
)

onBothEngines('the window that was comes back with all its figures', async (engine) => {
  const { ledger } = await fill(await openEmpty(engine))
  const before = await stateHash(ledger)
  await restate(ledger, () => LATER, 200)
  expect(await stateHash(ledger)).not.toBe(before)
  await restate(ledger, () => LATER + 1, 90)
  expect(await stateHash(ledger)).toBe(before)
  const done = await readRestatements(ledger)
  expect(done.map((row) => [row.from_activity_days, row.to_activity_days])).toEqual([
    [200, 90],
    [90, 200],
  ])
  await ledger.close()
})

test('a ledger is opened with its window, and goes on with one that was being set', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'regulars-window-'))
  const path = join(folder, 'ledger.sqlite')
  let now = LATER
  const clock = () => (now += 1000)
  const open = () => openLedger(path, nodePorts, undefined, { clock })
  const { ledger } = await fill(await open())
  await restate(ledger, clock, 45)
  // The process ends in the middle: some books are by the new window, and nothing says by which.
  const begun = {
    ...{ id: id(), from_version: FIGURES_VERSION, to_version: FIGURES_VERSION },
    ...{ from_activity_days: 45, to_activity_days: 120, started_at: LATER, finished_at: null },
    ...{ figures: 0, stores: 0, month: null, before: {}, effects: {} },
  }
  await ledger.tx((db) => db.insert(ledger.t.restatement).values(begun))
  await ledger.close()

  const reopened = await open()
  expect(reopened.activityDays).toBe(120)
  expect(await keptDays(reopened)).toBe(120)
  await expectWhole(reopened)
  expect((await readRestatements(reopened))[0]).toMatchObject({ to_activity_days: 120 })
  await reopened.close()

  const again = await open()
  expect(again.activityDays).toBe(120)
  expect(await readRestatements(again)).toHaveLength(2)
  await again.close()
  rmSync(folder, { recursive: true })
})

onBothEngines('an empty ledger takes a window without a word of a restatement', async (engine) => {
  const ledger = await openEmpty(engine)
  expect(await restate(ledger, () => LATER, 60)).toBeNull()
  expect(ledger.activityDays).toBe(60)
  expect(await keptDays(ledger)).toBe(60)
  expect(await readRestatements(ledger)).toEqual([])
  await ledger.close()
})
