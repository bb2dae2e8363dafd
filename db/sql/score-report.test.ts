// One run for the whole chain, cut to who asks: a rank must not depend on the reader, a silent
// store must not be blamed, and news must not be missed.
import { expect, test } from 'vitest'
import { must } from '#model/assert.ts'
import { CHAIN } from '#model/id.ts'
import { parsePeriod, type Period } from '#model/period.ts'
import { defaultWeights, type Weights } from '#model/score/components.ts'
import { seededRandom } from '#model/stats/random.ts'
import { createEnrolment, enrolDevice } from './devices.ts'
import type { Ledger } from './ledger.ts'
import { push } from './push.ts'
import { rollUp } from './rollup.ts'
import { scoreReport, scoreTrace } from './score-report.ts'
import { ScoreRuns, staleness } from './score-run.ts'
import { readScoreSetting, setScoreWeights } from './score-setting.ts'
import { id, makeChain, MONDAY_10AM, onBothEngines, openEmpty, Tablet } from './test-ledger.ts'
import { type TimedDraft, writeDrafts, type Writer } from './write.ts'

const DAY_MS = 86_400_000
const ALL = { all: true } as const
const OCTOBER = must(parsePeriod('2026-10'), 'a month')

/** Customers of a store who come again more or less reliably, since half a year ago. */
function lifeOf(store: string, loyalty: number, random: () => number): TimedDraft[] {
  return Array.from({ length: 20 }, () => {
    const customer = id()
    const own = { store_id: store }
    const drafts: TimedDraft[] = []
    let ago = 200 - 150 * random()
    const visit = () => {
      const payload = { customer_id: customer, home_store_id: store, purpose: 'buy' }
      const spend_minor = 2_000 + Math.floor(3_000 * random())
      const record = { kind: 'visit', record_id: id(), type: 'visit' as const }
      const at = MONDAY_10AM - Math.floor(ago) * DAY_MS
      drafts.push({ ...own, ...record, payload: { ...payload, spend_minor }, at })
    }
    visit()
    while (random() < loyalty && ago > 12) {
      ago -= 8 + 20 * random()
      visit()
    }
    const payload = { name: '张伟', home_store_id: store }
    const record = { kind: 'customer', record_id: customer, type: 'create' as const }
    return [{ ...own, ...record, payload, at: MONDAY_10AM - 201 * DAY_MS }, ...drafts]
  }).flat()
}

async function speak(ledger: Ledger, admin: Writer, store: string, now: number) {
  const code = id()
  const until = now + DAY_MS
  const created_by = admin.actor_id
  const enrolment = { code_hash: code, store_id: store, name: 'T', uses: 1, created_by, until }
  await createEnrolment(ledger, enrolment, now)
  const { device_id } = must(await enrolDevice(ledger, code, id(), now), 'a device')
  const own = { device_id, book: store, role: 'tablet', revoked: false, actor_id: null } as const
  const tablet = new Tablet(ledger, own, created_by)
  const body = { device_id, epoch: null, health: tablet.health(), ops: [] }
  await push(ledger, tablet.session, body, now)
}

/** Ten stores in two regions, the last of which fell silent a week ago; some without a tablet. */
async function makeStores(ledger: Ledger, tabletless: readonly number[] = []) {
  const { admin, regions } = await makeChain(ledger)
  const place = { zone: 'Asia/Shanghai', currency: 'CNY', country: 'CN', format: 'community' }
  const stores = Array.from({ length: 10 }, id)
  const random = seededRandom(5)
  const records = stores.map((record_id, index): TimedDraft => {
    const payload = { name: `S${index}`, region_id: regions[index % 2], ...place }
    return { store_id: CHAIN, kind: 'store', record_id, type: 'create', payload }
  })
  const lives = stores.flatMap((store, index) => lifeOf(store, 0.75 + 0.02 * index, random))
  const results = await writeDrafts(ledger, admin, [...records, ...lives], MONDAY_10AM)
  expect(results.filter(({ status }) => status !== 'applied')).toEqual([])
  for (const [index, store] of stores.entries())
    if (!tabletless.includes(index))
      await speak(ledger, admin, store, MONDAY_10AM - (index === 9 ? 7 * DAY_MS : 0))
  while ((await rollUp(ledger)) > 0);
  return { admin, regions, stores }
}

const clockOf = (time: { now: number }) => () => time.now

onBothEngines('everybody sees a part of the chain’s one ranking', async (engine) => {
  const ledger = await openEmpty(engine)
  const { regions, stores } = await makeStores(ledger)
  const runs = new ScoreRuns(ledger, clockOf({ now: MONDAY_10AM }))
  const whole = await scoreReport(ledger, runs, ALL, OCTOBER, null)
  // Three of the test chain's own stores have no devices, and one of ours fell silent.
  expect(whole.counts).toEqual({ ranked: 9, stale: 4, few_facts: 0 })
  const silent = whole.rows.find(({ scope }) => scope === stores[9])
  expect(silent).toMatchObject({ left_out: { reason: 'stale', never: false }, score: null })
  expect(silent?.as_of).toBe(MONDAY_10AM - 7 * DAY_MS)
  const region = { all: false, region_id: regions[1], store_ids: [] } as const
  const part = await scoreReport(ledger, runs, region, OCTOBER, null)
  expect(part.counts).toEqual(whole.counts)
  expect(part.rows).toEqual(whole.rows.filter(({ region_id }) => region_id === regions[1]))
  expect(part.rows.length).toBeLessThan(whole.rows.length)
  expect(part.regions.map((one) => one.id)).toEqual([regions[1]])
  const again = new ScoreRuns(ledger, clockOf({ now: MONDAY_10AM }))
  expect(await scoreReport(ledger, again, ALL, OCTOBER, null)).toEqual(whole)
  await ledger.close()
})

onBothEngines(
  'of stores without a tablet, those with imported visits are ranked',
  async (engine) => {
    const ledger = await openEmpty(engine)
    const { stores } = await makeStores(ledger, [0, 1, 2, 3, 4, 5, 6, 7])
    const runs = new ScoreRuns(ledger, clockOf({ now: MONDAY_10AM }))
    const { rows, counts } = await scoreReport(ledger, runs, ALL, OCTOBER, null)
    expect(counts).toEqual({ ranked: 9, stale: 4, few_facts: 0 })
    const imported = rows.find(({ scope }) => scope === stores[0])
    expect(imported).toMatchObject({ left_out: null, as_of: null })
    const unheard = rows.filter(({ left_out }) => left_out?.reason === 'stale' && left_out.never)
    expect(unheard).toHaveLength(3) // The test chain's own stores: no visit is known of them.
    await ledger.close()
  },
)

onBothEngines('stores are measured against those in cities of their tier', async (engine) => {
  const ledger = await openEmpty(engine)
  const { admin, stores } = await makeStores(ledger)
  const measured = async () => {
    const runs = new ScoreRuns(ledger, clockOf({ now: MONDAY_10AM }))
    const { rows } = await scoreReport(ledger, runs, ALL, OCTOBER, null)
    return stores.slice(0, 3).map((store) => {
      const row = must(
        rows.find(({ scope }) => scope === store),
        'a row',
      )
      return [row.peers.city_tier, ...new Set(row.parts.map((part) => part.reference))]
    })
  }
  const alike = [null, 'peers']
  expect(await measured()).toEqual([alike, alike, alike])
  const drafts = stores.slice(0, 1).map((record_id) => {
    const tier = { type: 'set' as const, payload: { city_tier: '二线' } }
    return { store_id: CHAIN, kind: 'store', record_id, ...tier }
  })
  await writeDrafts(ledger, admin, drafts, MONDAY_10AM)
  // One of a tier has no peers; the eight that are left, and not silent, are enough.
  expect(await measured()).toEqual([['二线', 'chain'], alike, alike])
  await ledger.close()
})

test('a trace adds up to the score in the ranking, for whoever may see it', async () => {
  const ledger = await openEmpty('sqlite')
  const { regions } = await makeStores(ledger)
  const runs = new ScoreRuns(ledger, clockOf({ now: MONDAY_10AM }))
  const { rows } = await scoreReport(ledger, runs, ALL, OCTOBER, null)
  const best = must(rows[0], 'a store')
  const trace = must(await scoreTrace(ledger, runs, ALL, best.scope, OCTOBER), 'a trace')
  expect(trace.row).toEqual(best)
  const sum = trace.lines.reduce((all, { points }) => all + Number(points), 0)
  expect(sum).toBeCloseTo(best.score ?? NaN, 1)
  const other = { all: false, region_id: regions.find((one) => one !== best.region_id) ?? null }
  const scope = { ...other, store_ids: [] } as const
  expect(await scoreTrace(ledger, runs, scope, best.scope, OCTOBER)).toBeNull()
  expect(await scoreTrace(ledger, runs, ALL, id(), OCTOBER)).toBeNull()
  await ledger.close()
})

test('a run is used again until there is news', async () => {
  const ledger = await openEmpty('sqlite')
  const { admin, stores } = await makeStores(ledger)
  const time = { now: MONDAY_10AM }
  const runs = new ScoreRuns(ledger, clockOf(time))
  const first = await scoreReport(ledger, runs, ALL, OCTOBER, null)
  time.now += 60_000
  const same = await scoreReport(ledger, runs, ALL, OCTOBER, null)
  expect(same.computed_at).toBe(first.computed_at)
  const record = {
    kind: 'visit',
    record_id: id(),
    type: 'visit' as const,
    store_id: stores[0] ?? '',
  }
  const payload = { customer_id: null, home_store_id: null, purpose: 'browse', count: 40 }
  const at = MONDAY_10AM - 10 * DAY_MS
  await writeDrafts(ledger, admin, [{ ...record, payload, at }], time.now)
  while ((await rollUp(ledger)) > 0);
  const news = await scoreReport(ledger, runs, ALL, OCTOBER, null)
  expect(news.computed_at).toBe(time.now)
  const partsOf = ({ rows }: typeof news) => rows.find(({ scope }) => scope === stores[0])?.parts
  expect(partsOf(first)?.map((part) => part.id)).not.toContain('identified_rate')
  expect(partsOf(news)?.map((part) => part.id)).toContain('identified_rate')
  await ledger.close()
})

onBothEngines('other weights are looked at beside what is set, and then set', async (engine) => {
  const ledger = await openEmpty(engine)
  const { admin } = await makeStores(ledger)
  const runs = new ScoreRuns(ledger, clockOf({ now: MONDAY_10AM }))
  const asSet = await scoreReport(ledger, runs, ALL, OCTOBER, null)
  expect(asSet.weights).toMatchObject({ weights: defaultWeights(), set: null, is_draft: false })
  const draft: Weights = { ...defaultWeights(), retained_rate: 0, second_visit_rate: 35 }
  const ahead = await scoreReport(ledger, runs, ALL, OCTOBER, draft)
  expect(ahead.weights).toMatchObject({ weights: draft, set: null, is_draft: true })
  const before = new Map(asSet.rows.map((row) => [row.scope, row]))
  for (const { scope, as_set } of ahead.rows)
    expect(as_set).toMatchObject({ rank: before.get(scope)?.rank, score: before.get(scope)?.score })
  for (const weights of [draft, defaultWeights(), draft]) {
    const [result] = await setScoreWeights(ledger, admin, weights, MONDAY_10AM)
    expect(result?.status).toBe('applied')
  }
  expect(await readScoreSetting(ledger)).toMatchObject({ weights: draft, by_name: 'Admin' })
  const now = await scoreReport(ledger, runs, ALL, OCTOBER, null)
  expect(now.rows.map(({ scope, rank }) => [scope, rank])).toEqual(
    ahead.rows.map(({ scope, rank }) => [scope, rank]),
  )
  const wrong = { ...draft, referrals: 90 }
  const [refused] = await setScoreWeights(ledger, admin, wrong, MONDAY_10AM)
  expect(refused).toMatchObject({ status: 'quarantined', reason: 'malformed' })
  await ledger.close()
})

test('a store is stale after three days of silence, but not for what was over by then', () => {
  const store = { zone: 'Asia/Shanghai', cutoff_minutes: 240 }
  const at = (daysAgo: number) => MONDAY_10AM - daysAgo * DAY_MS
  const verdict = (asOf: number | undefined, period: Pick<Period, 'to'>) =>
    staleness(asOf, store, period, MONDAY_10AM)
  const november = must(parsePeriod('2026-11'), 'a month')
  const september = must(parsePeriod('2026-09'), 'a month')
  expect(verdict(undefined, september)).toBe('never')
  expect(verdict(at(3), november)).toBeNull()
  expect(verdict(at(3.01), november)).toBe('silent')
  expect(verdict(at(20), OCTOBER)).toBe('silent')
  expect(verdict(at(20), september)).toBeNull()
})
