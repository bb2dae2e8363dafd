// What is at stake: the figures of a month that headquarters signed. They stand, whatever arrives
// later; what arrives later is told once, in the first open month, and leads to customers.
import { expect } from 'vitest'
import { must } from '#model/assert.ts'
import { DAY_MS } from '#model/calendar.ts'
import { freePeriod, monthOf, type Period, quarterOf, yearOf } from '#model/period.ts'
import { footingFaults, type ScopedStatement } from '#model/statement.ts'
import { closeMonth, readCloses, statementsAsClosed } from './close.ts'
import { lastRecount, recount } from './recount.ts'
import { rollUp } from './rollup.ts'
import { statements } from './statement.ts'
import { movementsReport, statementReport } from './statement-report.ts'
import { writeNote } from './statement-notes.ts'
import { enrolTablet, id, makeChain, MONDAY_10AM, onBothEngines, openEmpty } from './test-ledger.ts'

const TODAY = Math.floor(MONDAY_10AM / DAY_MS)
const OCTOBER = monthOf(TODAY - 20)
const SEPTEMBER = monthOf(OCTOBER.from - 1)
const NOVEMBER = monthOf(TODAY)
const CLOSED_AT = MONDAY_10AM + 60_000
const LATER = CLOSED_AT + 60_000
const HEADQUARTERS = { all: true } as const

/** Two stores with customers who came in September and October, and two regions. */
async function makeMonths(engine: 'sqlite' | 'postgres', watch?: (sql: string) => void) {
  const chain = await makeChain(await openEmpty(engine, watch))
  const { ledger, stores } = chain
  const tablets = [await enrolTablet(chain, 0), await enrolTablet(chain, 2)] as const
  const come = async (which: 0 | 1, day: number, sentAt = LATER) => {
    const customer = id()
    const tablet = tablets[which]
    const at = MONDAY_10AM - (TODAY - day) * DAY_MS
    const home = stores[which === 0 ? 0 : 2]
    const created = tablet.customer(customer, { name: 'Li' }, at)
    await tablet.push([created, tablet.visit(customer, home, at, { spend_minor: 500 })], sentAt)
    while ((await rollUp(ledger)) > 0);
    return customer
  }
  for (const day of [SEPTEMBER.from + 3, SEPTEMBER.from + 9, OCTOBER.from + 2])
    await come(0, day, MONDAY_10AM)
  await come(1, OCTOBER.from + 5, MONDAY_10AM)
  const close = (month: Period) => closeMonth(ledger, chain.admin, month, TODAY, () => CLOSED_AT)
  return { ...chain, tablets, come, close }
}

function of(found: readonly ScopedStatement[] | null, scope: string): ScopedStatement {
  return must(found?.find((one) => one.scope === scope) ?? null, `the statement of ${scope}`)
}

onBothEngines('a closed month stands, and what comes late is one line after it', async (engine) => {
  const { ledger, stores, regions, come, close } = await makeMonths(engine)
  expect(await statementsAsClosed(ledger, OCTOBER, TODAY)).toBeNull()
  expect([await close(SEPTEMBER), await close(OCTOBER)]).toEqual([null, null])
  const stood = await statementsAsClosed(ledger, OCTOBER, TODAY)
  expect(of(stood, 'chain').customers).toMatchObject({ opening: 2, new: 2, late: 0, closing: 4 })
  await come(0, SEPTEMBER.from + 20) // From a tablet that was dark for six weeks.
  const closed = await statementsAsClosed(ledger, OCTOBER, TODAY)
  expect(closed).toEqual(stood)
  expect(of(await statements(ledger, OCTOBER, TODAY), 'chain').customers.opening).toBe(3)
  const next = await statementsAsClosed(ledger, NOVEMBER, TODAY)
  for (const scope of ['chain', regions[0], stores[0]])
    expect(of(next, scope).customers, scope).toMatchObject({ late: 1, new: 0 })
  expect(of(next, stores[2]).customers.late).toBe(0)
  expect(of(next, 'chain').value.late).toBe(500)
  expect(of(next, 'chain').customers.closing).toBe(5)
  for (const period of [SEPTEMBER, OCTOBER, NOVEMBER, quarterOf(OCTOBER.from)])
    expect(footingFaults((await statementsAsClosed(ledger, period, TODAY)) ?? [])).toEqual([])
  await ledger.close()
})

onBothEngines('closed months are what was kept of them, however many', async (engine) => {
  const asked: string[] = []
  const { ledger, come, close } = await makeMonths(engine, (sql) => asked.push(sql))
  await close(SEPTEMBER)
  await close(OCTOBER)
  await come(0, SEPTEMBER.from + 20)
  const years = freePeriod(monthOf(OCTOBER.from - 900).from, OCTOBER.to - 1) // Some thirty months.
  asked.length = 0
  const stood = of(await statementsAsClosed(ledger, years, TODAY), 'chain')
  expect(asked.filter((sql) => /"(rollup|metric)_/.test(sql))).toEqual([])
  expect(asked.some((sql) => sql.includes('"closed_statement"'))).toBe(true)
  expect(stood.customers).toMatchObject({ opening: 0, new: 4, late: 0, closing: 4 })
  await ledger.close()
})

onBothEngines('a fact from before the first close is told once, after the last', async (engine) => {
  const { ledger, stores, come, close } = await makeMonths(engine)
  await close(SEPTEMBER)
  await close(OCTOBER)
  await come(0, SEPTEMBER.from - 9) // August had no figures when September was closed.
  const year = await statementsAsClosed(ledger, yearOf(TODAY), TODAY)
  expect(footingFaults(year ?? [])).toEqual([])
  for (const scope of ['chain', stores[0]])
    expect(of(year, scope).customers, scope).toMatchObject({ opening: 0, late: 1 })
  expect(of(year, 'chain').customers).toMatchObject({ new: 4, closing: 5 })
  const august = await statementsAsClosed(ledger, monthOf(SEPTEMBER.from - 1), TODAY)
  expect(of(august, 'chain').customers.closing).toBe(0)
  await ledger.close()
})

onBothEngines('the line of late facts leads to those who made it', async (engine) => {
  const chain = await makeMonths(engine)
  const { ledger, stores, come, close } = chain
  await close(SEPTEMBER)
  const late = await come(0, SEPTEMBER.from + 20)
  await come(0, OCTOBER.from + 20)
  const ask = (scope: string) =>
    movementsReport(ledger, HEADQUARTERS, scope, 'late', OCTOBER, MONDAY_10AM)
  for (const scope of ['chain', stores[0]])
    expect((await ask(scope))?.rows.map((row) => [row.customer_id, row.kind])).toEqual([
      [late, 'new'],
    ])
  expect((await ask(stores[2]))?.rows).toEqual([])
  // What was heard before October's own close stays its adjustment; later news is November's.
  await closeMonth(ledger, chain.admin, OCTOBER, TODAY, () => LATER + 1)
  await come(0, SEPTEMBER.from + 21, LATER + 2)
  expect((await ask('chain'))?.rows.map((row) => row.customer_id)).toEqual([late])
  const next = await movementsReport(ledger, HEADQUARTERS, 'chain', 'late', NOVEMBER, MONDAY_10AM)
  expect(next?.total).toBe(1)
  await ledger.close()
})

onBothEngines('what late news only counts anew is no late news', async (engine) => {
  const chain = await makeMonths(engine)
  const { ledger, stores, tablets } = chain
  const customer = id()
  const at = (day: number) => MONDAY_10AM - (TODAY - day) * DAY_MS
  const visit = (day: number) => tablets[0].visit(customer, stores[0], at(day))
  const [first, second, third] = [OCTOBER.from - 400, OCTOBER.from - 200, OCTOBER.from - 20]
  const created = tablets[0].customer(customer, { name: 'Li' }, at(first))
  await tablets[0].push([created, visit(first), visit(third)], MONDAY_10AM)
  while ((await rollUp(ledger)) > 0);
  await chain.close(monthOf(first))
  for (let month = monthOf(monthOf(first).to); month.to <= OCTOBER.from; month = monthOf(month.to))
    expect(await chain.close(month)).toBeNull()
  // Came back twice, not once: the return that was known is the second of them now.
  await tablets[0].push([visit(second)], LATER)
  while ((await rollUp(ledger)) > 0);
  const late = await movementsReport(ledger, HEADQUARTERS, 'chain', 'late', OCTOBER, MONDAY_10AM)
  expect(late?.rows.map(({ kind, day }) => [kind, day])).toEqual([
    ['lost', second + 90],
    ['reactivated', second],
  ])
  await ledger.close()
})

onBothEngines('months are closed in their order, once, and after their end', async (engine) => {
  const { ledger, close } = await makeMonths(engine)
  expect(await close(NOVEMBER)).toBe('not-ended')
  expect(await close(OCTOBER)).toBe('out-of-order') // September has figures, and is open.
  expect(await close(quarterOf(SEPTEMBER.from))).toBe('not-a-month')
  expect(await Promise.all([close(SEPTEMBER), close(SEPTEMBER)])).toEqual(
    expect.arrayContaining([null, 'closed-already']),
  )
  expect(await close(SEPTEMBER)).toBe('closed-already')
  expect(await close(monthOf(SEPTEMBER.from - 1))).toBe('out-of-order')
  expect((await readCloses(ledger)).map(({ text }) => text)).toEqual([SEPTEMBER.text])
  const read = (view: 'closed' | 'restated', period: Period) =>
    statementReport(ledger, HEADQUARTERS, period, view, MONDAY_10AM)
  expect(await read('closed', SEPTEMBER)).toMatchObject({
    ...{ view: 'closed', closable: OCTOBER.text, faults: [] },
    closed: { period: SEPTEMBER.text, by_name: 'Admin', at: CLOSED_AT },
  })
  expect((await read('restated', SEPTEMBER)).view).toBe('restated')
  await ledger.close()
})

onBothEngines('a note stands with its line, changes, and can be taken back', async (engine) => {
  const { ledger, admin } = await makeMonths(engine)
  const line = { scope: 'chain', period: OCTOBER.text, line: 'new' as const }
  const write = (text: string, note: string | null) =>
    writeNote(ledger, admin, { ...line, id: note, text }, MONDAY_10AM)
  const notes = async () =>
    (await statementReport(ledger, HEADQUARTERS, OCTOBER, 'restated', MONDAY_10AM)).notes
  const made = await write('A school opened next door.', null)
  const note = 'id' in made ? made.id : ''
  expect(await notes()).toMatchObject([{ ...line, id: note, by_name: 'Admin' }])
  await write('Two schools did.', note)
  expect((await notes()).map(({ text }) => text)).toEqual(['Two schools did.'])
  await write('', note)
  expect(await notes()).toEqual([])
  await ledger.close()
})

onBothEngines(
  'a note whose answer was lost is written once, and no other text is lost',
  async (e) => {
    const { ledger, admin } = await makeMonths(e)
    const line = { scope: 'chain', period: OCTOBER.text, line: 'new' as const }
    const write = async (text: string, note: string | null = null) => {
      const made = await writeNote(ledger, admin, { ...line, id: note, text }, MONDAY_10AM)
      return 'id' in made ? made.id : made.refused
    }
    const texts = async () =>
      (await statementReport(ledger, HEADQUARTERS, OCTOBER, 'restated', MONDAY_10AM)).notes
        .map(({ text }) => text)
        .sort()
    const first = await write('A school opened.')
    expect(await write('A school opened.')).toBe(first)
    expect(await texts()).toEqual(['A school opened.'])
    await write('Two schools did.', first)
    const second = await write('A school opened.')
    expect(second).not.toBe(first)
    expect(await texts()).toEqual(['A school opened.', 'Two schools did.'])
    await write('', second)
    await write('', first)
    await write('A school opened.')
    expect(await texts()).toEqual(['A school opened.'])
    await ledger.close()
  },
)

onBothEngines(
  'a recount from the visits agrees, and a figure that is wrong is found',
  async (e) => {
    const { ledger, stores } = await makeMonths(e)
    expect(await recount(ledger, TODAY, MONDAY_10AM)).toEqual({ stores: 4, faults: [] })
    const wrong = { store_id: stores[0], scope: 'home', day: TODAY, metric: 'active' }
    await ledger.tx(async (db) => {
      await db.insert(ledger.t.metricDay).values({ ...wrong, value: 2, rolled: 0 })
      await db.insert(ledger.t.dirtyDay).values({ store_id: stores[0], table: 'd', day: TODAY })
    })
    while ((await rollUp(ledger)) > 0);
    await recount(ledger, TODAY, MONDAY_10AM)
    expect((await lastRecount(ledger))?.faults).toEqual([
      { store_id: stores[0], expected: 3, found: 5 },
    ])
    await ledger.close()
  },
)
