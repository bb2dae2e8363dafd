// What is at stake: a figure of the statement that nobody can take apart. Every opening, closing
// and line of value of a store must be the sum of the customers listed behind it, to the unit, also
// when they moved, were merged or forgotten since; and nobody reads names beyond their region.
import { expect } from 'vitest'
import type { Scope } from '#model/access.ts'
import { must } from '#model/assert.ts'
import { DAY_MS } from '#model/calendar.ts'
import { freePeriod, monthOf, type Period } from '#model/period.ts'
import { TENURE_LINES, type TenureLine } from '#model/tenure.ts'
import { rollUp } from './rollup.ts'
import { statements } from './statement.ts'
import { movementsReport } from './statement-report.ts'
import { tenuresReport } from './tenure-report.ts'
import { enrolTablet, id, makeChain, MONDAY_10AM, onBothEngines, openEmpty } from './test-ledger.ts'
import { type TimedDraft, writeDrafts } from './write.ts'

const TODAY = Math.floor(MONDAY_10AM / DAY_MS)
const HEADQUARTERS: Scope = { all: true }

function instant(daysAgo: number): number {
  return MONDAY_10AM - daysAgo * DAY_MS
}

/** Twelve regulars of a store over two years: spend that grows, and drops out after a year. */
async function makeYears(engine: 'sqlite' | 'postgres') {
  const chain = await makeChain(await openEmpty(engine))
  const { ledger, stores } = chain
  const tablet = await enrolTablet(chain, 0)
  const people = Array.from({ length: 12 }, () => id())
  for (const [nth, person] of people.entries()) {
    const first = 720 - nth * 17
    const ops = [tablet.customer(person, { name: `Li ${nth}` }, instant(first))]
    for (let ago = first; ago > nth * 12; ago -= 40 + nth * 7) {
      const spend = { spend_minor: 1_001 + nth * 37 + ago }
      ops.push(tablet.visit(person, stores[0], instant(ago), spend))
    }
    await tablet.push(ops)
  }
  const desk = async (person: string, type: TimedDraft['type'], ago: number, payload: object) => {
    const draft = { store_id: stores[0], kind: 'customer', record_id: person, type }
    const kind = type === 'set' ? 'transfer' : 'customer'
    const whole = { home_store_id: stores[0], ...payload }
    const [result] = await writeDrafts(
      ledger,
      chain.admin,
      [{ ...draft, kind, payload: whole, at: instant(ago) }],
      MONDAY_10AM,
    )
    expect(result?.status).toBe('applied')
    while ((await rollUp(ledger)) > 0);
  }
  const ask = (store: string, line: TenureLine, period: Period, scope = HEADQUARTERS) =>
    tenuresReport(ledger, scope, store, line, period, MONDAY_10AM)
  return { ...chain, people, desk, ask }
}

/** Lines that are not the sum of those behind them, and how many amounts were not nought. */
async function compare({ ledger, stores, ask }: Awaited<ReturnType<typeof makeYears>>) {
  const faults: string[] = []
  const filled = new Map<TenureLine, number>()
  const year = freePeriod(TODAY - 400, TODAY)
  for (let period = monthOf(TODAY - 730); period.from <= TODAY; period = monthOf(period.to))
    for (const span of period.to > TODAY ? [period, year] : [period])
      for (const one of await statements(ledger, span, TODAY)) {
        if (!stores.some((store) => store === one.scope)) continue
        for (const line of TENURE_LINES) {
          const found = must(await ask(one.scope, line, span), 'a store that is there')
          const said = [one.value[line], one.customers[line]]
          const isStock = line === 'opening' || line === 'closing'
          const listed = [found.sum_minor, isStock ? found.total : 0]
          if (String(said) !== String(listed))
            faults.push(`${span.text} ${line}: ${said.join()} is listed as ${listed.join()}`)
          if (found.sum_minor !== 0) filled.set(line, (filled.get(line) ?? 0) + 1)
        }
      }
  return { faults, filled }
}

onBothEngines(
  'whoever is listed behind a line comes to it, whatever became of them',
  async (engine) => {
    const world = await makeYears(engine)
    const { people, stores, desk } = world
    const [moved = '', mover = '', twice = '', gone = '', away = ''] = people
    await desk(moved, 'set', 200, { to_store_id: stores[1] })
    await desk(mover, 'set', 300, { to_store_id: stores[2] })
    await desk(mover, 'set', 100, { home_store_id: stores[2], to_store_id: stores[0] })
    await desk(twice, 'merge', 150, { into_id: people[5], into_home_store_id: stores[0] })
    await desk(twice, 'unmerge', 60, {})
    await desk(gone, 'erase', 20, { cause: 'request' })
    // Forgotten after a move: no forwarding row leads to the book that keeps the days.
    await desk(away, 'set', 120, { to_store_id: stores[2] })
    await desk(away, 'erase', 10, { home_store_id: stores[2], cause: 'request' })
    const { faults, filled } = await compare(world)
    expect(faults).toEqual([])
    for (const line of TENURE_LINES) expect(filled.get(line), line).toBeGreaterThan(10)
    await world.ledger.close()
  },
)

onBothEngines('a customer is told with what they were worth before and after', async (engine) => {
  const { ledger, stores, regions, people, desk, ask } = await makeYears(engine)
  const [moved = ''] = people
  await desk(moved, 'set', 45, { to_store_id: stores[2] })
  const period = freePeriod(TODAY - 60, TODAY - 30)
  const found = must(await ask(stores[0], 'expanded', period), 'a list')
  for (const { before_minor, grew_minor, shrank_minor, after_minor } of found.rows)
    expect(before_minor + grew_minor + shrank_minor).toBe(after_minor)
  const amounts = found.rows.map(({ grew_minor }) => grew_minor)
  expect(amounts).toEqual([...amounts].sort((a, b) => b - a))
  const before = must(await ask(stores[0], 'opening', period), 'a list')
  const nameIn = async (scope: Scope) =>
    (await ask(stores[0], 'opening', period, scope))?.rows.find(
      ({ customer_id }) => customer_id === moved,
    )
  expect(before.rows.find(({ customer_id }) => customer_id === moved)).toMatchObject({
    name: 'Li 0',
    until: TODAY - 45,
  })
  const north: Scope = { all: false, region_id: regions[0], store_ids: [] }
  expect(await nameIn(north)).toMatchObject({ name: null }) // Lives in the other region now.
  expect(await ask(stores[2], 'opening', period, north)).toBeNull()
  for (const scope of ['chain', regions[0], id()])
    expect(await ask(scope, 'closing', period)).toBeNull()
  await ledger.close()
})

onBothEngines('each return counts, and its list says how many people they were', async (engine) => {
  const { ledger, stores, people } = await makeYears(engine)
  const year = freePeriod(TODAY - 400, TODAY)
  const asked = ['reactivated', year, MONDAY_10AM] as const
  const found = must(await movementsReport(ledger, HEADQUARTERS, stores[0], ...asked), 'a list')
  // Whoever comes less than every 90 days is lost in between, and comes back each time.
  const seldom = people.filter((_, nth) => 40 + nth * 7 > 90)
  expect(new Set(found.rows.map((row) => row.customer_id))).toEqual(new Set(seldom))
  expect(found.people).toBe(seldom.length)
  expect(found.total).toBe(found.rows.length)
  expect(found.total).toBeGreaterThan(seldom.length)
  await ledger.close()
})
