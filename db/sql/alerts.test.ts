// From visits that a tablet pushed to an alert, what people do about it, and the Monday page: on
// both engines. The chain is small, so a store is measured against itself alone.
import { expect } from 'vitest'
import type { Scope } from '#model/access.ts'
import type { AlertRule } from '#model/alert-rule.ts'
import { testRule } from '#model/alerts/test-chain.ts'
import { WEEK_DAYS } from '#model/alerts/week-figures.ts'
import { DAY_MS } from '#model/calendar.ts'
import { seededRandom } from '#model/stats/random.ts'
import { weekFigures } from './alert-figures.ts'
import { actOnAlert } from './alert-acts.ts'
import { replayReport, rulesReport, writeRule } from './alert-rules.ts'
import { alertDetail, alertsReport } from './alerts.ts'
import { mondayReport, mondayStores } from './digest.ts'
import { rollUp } from './rollup.ts'
import {
  enrolTablet,
  id,
  makeChain,
  MONDAY_10AM,
  onBothEngines,
  openEmpty,
  type Tablet,
  type TestChain,
} from './test-ledger.ts'

const ALL: Scope = { all: true }
const WEEKS = 60
const TODAY = Math.floor(MONDAY_10AM / DAY_MS)
const RULE: AlertRule = testRule({
  ...{ name: 'Visits fell', metric: 'visits', test: 'xmr', state: 'on', severity: 'urgent' },
})

/** About 100 anonymous visits each week, in the last one a third of them. */
async function pushTallies(tablet: Tablet): Promise<void> {
  const random = seededRandom(3)
  const ops = Array.from({ length: WEEKS }, (_, at) => {
    const week = WEEKS - at
    const count = week === 1 ? 33 : 94 + Math.floor(random() * 13)
    return tablet.visit(null, null, MONDAY_10AM - (week * WEEK_DAYS - 1) * DAY_MS, {
      count,
      purpose: 'browse',
    })
  })
  const { results } = await tablet.push(ops)
  expect(results.every(({ status }) => status === 'applied')).toBe(true)
}

/** Somebody who came every 10 days, and has stayed away for 41. */
async function pushRegular(tablet: Tablet, customer: string): Promise<void> {
  const home = tablet.session.book
  const created = tablet.customer(customer, { name: '周小雨' }, MONDAY_10AM - 90 * DAY_MS)
  const visits = [81, 71, 61, 51, 41].map((ago) =>
    tablet.visit(customer, home, MONDAY_10AM - (ago + 1) * DAY_MS, { spend_minor: 100_00 }),
  )
  await tablet.push([created, ...visits])
}

async function brokenChain(engine: 'sqlite' | 'postgres'): Promise<TestChain & { known: string }> {
  const chain = await makeChain(await openEmpty(engine))
  const tablet = await enrolTablet(chain, 0)
  const known = id()
  await pushTallies(tablet)
  await pushRegular(tablet, known)
  while ((await rollUp(chain.ledger)) > 0);
  return { ...chain, known }
}

/** The scope of somebody who works in these stores alone. */
const ofStores = (...store_ids: string[]): Scope => ({ all: false, region_id: null, store_ids })

onBothEngines(
  'weeks are those of the kept figures, and whole where tablets spoke',
  async (engine) => {
    const { ledger, stores } = await brokenChain(engine)
    const first = TODAY - WEEKS * WEEK_DAYS
    const figures = await weekFigures(ledger, ['visits', 'new', 'lost_rate'], first, WEEKS + 1)
    const visits = figures.get('visits')?.stores.find(({ store_id }) => store_id === stores[0])
    expect(visits?.x.slice(0, WEEKS - 1).every((x) => x >= 94 && x <= 108)).toBe(true)
    expect(visits?.x.slice(WEEKS - 1)).toEqual([33, 0])
    expect(visits?.whole).toBe(WEEKS)
    const news = figures.get('new')?.stores.find(({ store_id }) => store_id === stores[0])
    expect(news?.x.reduce((sum, x) => sum + x, 0)).toBe(1)
    const lost = figures.get('lost_rate')?.stores.find(({ store_id }) => store_id === stores[0])
    expect(lost?.n.at(-1)).toBe(1) // Still active: lost is 90 days after the last visit.
    const silent = figures.get('visits')?.stores.find(({ store_id }) => store_id === stores[2])
    expect(silent?.n.every((n) => n === 0)).toBe(true)
    await ledger.close()
  },
)

onBothEngines(
  'a rule is replayed, switched on, and what it finds is dealt with',
  async (engine) => {
    const { ledger, admin, stores } = await brokenChain(engine)
    const now = MONDAY_10AM
    const replay = await replayReport(ledger, ALL, { ...RULE, state: 'off' }, null, now)
    expect(replay.alerts.at(-1)).toMatchObject({
      store_id: stores[0],
      verdict: 'pending',
      value: 33,
    })
    expect(replay.fired).toBe(replay.right + replay.wrong + replay.pending)
    const ruleId = id()
    expect((await alertsReport(ledger, ALL, 'all', now)).alerts).toEqual([])
    const saved = await writeRule(ledger, admin, ruleId, RULE, now)
    expect(saved).toMatchObject({ state: 'on', since: TODAY })
    const [alert, ...others] = (await alertsReport(ledger, ALL, 'open', now)).alerts
    expect(others).toEqual([])
    expect(alert).toMatchObject({
      ...{ store_id: stores[0], state: 'open', steps: [], is_derived: true, is_back: false },
      ...{ first_day: TODAY - WEEK_DAYS, last: { value: 33, n: 33 } },
    })
    const alertId = alert?.id ?? ''
    const act = (to: 'acknowledged' | 'acting' | 'resolved', note: string, more = {}) =>
      actOnAlert(ledger, admin, ALL, alertId, { to, note, task: null, ...more }, now)
    expect(await act('acknowledged', 'Seen')).toBe('done')
    const task = { state: 'accepted' as const, text: 'Ask the store' }
    expect(await act('acting', '', { task })).toBe('done')
    expect(await act('acknowledged', '')).toBe('transition')
    expect(await act('resolved', 'Road works')).toBe('done')
    const detail = await alertDetail(ledger, ALL, alertId, now)
    expect(detail?.alert.steps.map(({ state, by_name, note }) => [state, by_name, note])).toEqual([
      ['acknowledged', 'Admin', 'Seen'],
      ['acting', 'Admin', ''],
      ['resolved', 'Admin', 'Road works'],
    ])
    expect(detail?.evidence.at(-1)).toMatchObject({
      value: 33,
      fired: true,
      day: TODAY - WEEK_DAYS,
    })
    expect(detail?.evidence.filter(({ fired }) => fired)).toHaveLength(1)
    expect((await alertsReport(ledger, ALL, 'open', now)).alerts).toEqual([])
    expect((await alertsReport(ledger, ALL, 'over', now)).alerts).toHaveLength(1)
    const [rule] = (await rulesReport(ledger, ALL)).rules
    expect(rule).toMatchObject({ decided: 1, accepted: 1, is_automatic: false })
    const again = await replayReport(ledger, ALL, RULE, ruleId, now)
    expect([again.said_right, again.said_false]).toEqual([1, 0])
    const off = await writeRule(ledger, admin, ruleId, { ...RULE, state: 'off' }, now)
    expect(off?.since).toBeNull()
    await ledger.close()
  },
)

onBothEngines('a reader meets the alerts of their own stores alone', async (engine) => {
  const { ledger, admin, stores } = await brokenChain(engine)
  await writeRule(ledger, admin, id(), RULE, MONDAY_10AM)
  const [seen] = (await alertsReport(ledger, ofStores(stores[0]), 'open', MONDAY_10AM)).alerts
  const elsewhere = ofStores(stores[1], stores[2])
  const alertId = seen?.id ?? ''
  expect((await alertsReport(ledger, elsewhere, 'open', MONDAY_10AM)).alerts).toEqual([])
  expect(await alertDetail(ledger, elsewhere, alertId, MONDAY_10AM)).toBeNull()
  const act = { to: 'acknowledged', note: '', task: null } as const
  expect(await actOnAlert(ledger, admin, elsewhere, alertId, act, MONDAY_10AM)).toBe('unknown')
  expect((await replayReport(ledger, elsewhere, RULE, null, MONDAY_10AM)).alerts).toEqual([])
  expect(await mondayReport(ledger, elsewhere, stores[0], null, MONDAY_10AM)).toBeNull()
  await ledger.close()
})

onBothEngines('two people who act at once do not overwrite each other', async (engine) => {
  const { ledger, admin, stores } = await brokenChain(engine)
  await writeRule(ledger, admin, id(), RULE, MONDAY_10AM)
  const [alert] = (await alertsReport(ledger, ofStores(stores[0]), 'open', MONDAY_10AM)).alerts
  const act = { to: 'acknowledged', note: '', task: null } as const
  const both = [1, 2].map(() => actOnAlert(ledger, admin, ALL, alert?.id ?? '', act, MONDAY_10AM))
  expect((await Promise.all(both)).sort()).toEqual(['done', 'transition'])
  await ledger.close()
})

onBothEngines('the Monday page tells what slipped and whom to call', async (engine) => {
  const { ledger, admin, stores, known } = await brokenChain(engine)
  await writeRule(ledger, admin, id(), RULE, MONDAY_10AM)
  const page = await mondayReport(ledger, ALL, stores[0], null, MONDAY_10AM)
  expect(page).toMatchObject({ week: '2026-W44', to: TODAY, is_whole: true, alerts: 1 })
  expect(page?.slipping[0]).toMatchObject({ metric: 'visits', value: 33 })
  expect(page?.improved).toEqual([])
  expect(page?.saves).toMatchObject([
    { customer_id: known, name: '周小雨', light: 'red', days_since: 41, gap_days: 10, visits: 5 },
  ])
  expect(page?.practice).toBeNull() // Two stores without a figure are no peers.
  expect(await mondayReport(ledger, ALL, stores[0], null, MONDAY_10AM)).toEqual(page)
  const { week } = await mondayStores(ledger, ALL, MONDAY_10AM)
  expect(week).toBe('2026-W44')
  await ledger.close()
})
