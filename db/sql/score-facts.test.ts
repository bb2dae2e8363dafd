// The score praises and blames stores by these sums, so each is counted again by its definition,
// from the visits themselves, of people who come, stay away, come back and spend.
import { expect } from 'vitest'
import { must } from '#model/assert.ts'
import { businessDay } from '#model/calendar.ts'
import { parsePeriod, type Period, periodBefore } from '#model/period.ts'
import { seededRandom } from '#model/stats/random.ts'
import { growthOf, ratioOfSums, type WeekSums } from '#model/stats/measured.ts'
import type { Ledger } from './ledger.ts'
import { rollUp } from './rollup.ts'
import { scoreFacts } from './score-facts.ts'
import { id, makeChain, MONDAY_10AM, onBothEngines, openEmpty } from './test-ledger.ts'
import { type TimedDraft, writeDrafts } from './write.ts'

const DAY_MS = 86_400_000
const ZONE = 'Asia/Shanghai'
const TODAY = businessDay(MONDAY_10AM, ZONE, 240)
/** Days of history before today. */
const PAST_DAYS = 400
const LAPSE_DAYS = 90

interface Person {
  id: string
  home: string
  visits: { day: number; spend: number }[]
}

/** People of a store, each with a rhythm of their own, some of whom never come again. */
function peopleOf(home: string, count: number, random: () => number): Person[] {
  return Array.from({ length: count }, () => {
    const visits: Person['visits'] = []
    const gap = 5 + 60 * random()
    let day = TODAY - Math.floor(PAST_DAYS * random())
    while (day <= TODAY && random() > 0.12) {
      if (visits.at(-1)?.day !== day)
        visits.push({ day, spend: 1_000 + Math.floor(random() * 9_000) })
      day += 1 + Math.floor(gap * 2 * random())
    }
    return { id: id(), home, visits }
  }).filter(({ visits }) => visits.length > 0)
}

const atOf = (day: number) => MONDAY_10AM + (day - TODAY) * DAY_MS

function draftsOf({ id: customer, home, visits }: Person): TimedDraft[] {
  const first = must(visits[0], 'a visit')
  const create = { kind: 'customer', record_id: customer, type: 'create' as const }
  const payload = { name: '张伟', home_store_id: home }
  return [
    { ...create, store_id: home, payload, at: atOf(first.day) },
    ...visits.map(({ day, spend }): TimedDraft => ({
      store_id: home,
      kind: 'visit',
      record_id: id(),
      type: 'visit',
      payload: { customer_id: customer, home_store_id: home, purpose: 'buy', spend_minor: spend },
      at: atOf(day),
    })),
  ]
}

function tallyDraft(store_id: string, day: number, count: number): TimedDraft {
  const payload = { customer_id: null, home_store_id: null, purpose: 'browse', count }
  return { store_id, kind: 'visit', record_id: id(), type: 'visit', payload, at: atOf(day) }
}

const period = (text: string) => must(parsePeriod(text), text)

/** Who was active 90 days before the end, and who of them came again before they were lost. */
function keptOf(people: readonly Person[], end: number) {
  const start = end - LAPSE_DAYS
  const active = people.flatMap(({ visits }) => {
    const last = visits.filter(({ day }) => day < start).at(-1)
    // On the day on which 90 days are over one is lost, so the first of them still counts.
    return last && last.day >= start - LAPSE_DAYS ? [{ visits, last: last.day }] : []
  })
  const kept = active.filter(({ visits, last }) =>
    visits.some(({ day }) => day > last && day < last + LAPSE_DAYS),
  )
  return { x: kept.length, n: active.length }
}

function secondOf(people: readonly Person[], { from, to }: Pick<Period, 'from' | 'to'>) {
  const due = people.filter(({ visits }) => {
    const day = must(visits[0], 'a visit').day + 60
    return day >= from && day < to
  })
  const came = due.filter(({ visits: [first, second] }) => {
    return first && second && second.day <= first.day + 60
  })
  return { x: came.length, n: due.length }
}

/** Sums of spend by what `spanOf` says of a day. */
function spansOf(
  people: readonly Person[],
  { from, to }: Pick<Period, 'from' | 'to'>,
  spanOf: (day: number) => number,
): WeekSums[] {
  const spans = new Map<number, WeekSums>()
  const visits = people.flatMap((person) => person.visits)
  for (const { day, spend } of visits.filter(({ day }) => day >= from && day < to)) {
    const sums = spans.get(spanOf(day)) ?? { x: 0, n: 0 }
    spans.set(spanOf(day), { x: sums.x + spend, n: sums.n + 1 })
  }
  return [...spans].sort(([a], [b]) => a - b).map(([, sums]) => sums)
}

async function makeHistory(ledger: Ledger) {
  const chain = await makeChain(ledger)
  const random = seededRandom(11)
  const [one, two] = chain.stores
  const people = [...peopleOf(one, 90, random), ...peopleOf(two, 40, random)]
  const tallies = [3, 9, 20].map((ago) => ({ store: one, day: TODAY - 40 - ago, count: 4 + ago }))
  const drafts = [
    ...people.flatMap(draftsOf),
    ...tallies.map(({ store, day, count }) => tallyDraft(store, day, count)),
  ]
  const results = await writeDrafts(ledger, chain.admin, drafts, MONDAY_10AM)
  expect(results.filter(({ status }) => status !== 'applied')).toEqual([])
  while ((await rollUp(ledger)) > 0);
  return { chain, people, tallies }
}

onBothEngines('every fact of the score is what its definition counts', async (engine) => {
  const ledger = await openEmpty(engine)
  const { chain, people, tallies } = await makeHistory(ledger)
  for (const text of ['2026-09', '2026-Q3', '2026-11', '28d@2026-10-20'])
    for (const store of chain.stores) {
      const own = people.filter(({ home }) => home === store)
      const asked = period(text)
      const end = Math.min(asked.to, TODAY + 1)
      const facts = (await scoreFacts(ledger, asked, TODAY)).of(store)
      const kept = keptOf(own, end)
      expect(facts.retained_rate ?? { x: 0, n: 0 }, `kept ${text}`).toEqual(kept)
      const second = secondOf(own, { from: asked.from, to: end })
      expect(facts.second_visit_rate ?? { x: 0, n: 0 }, `second ${text}`).toEqual(second)
      const days = tallies.filter(
        (tally) => tally.store === store && tally.day >= asked.from && tally.day < end,
      )
      const seen = days.map(({ day }) =>
        own.reduce((sum, { visits }) => sum + visits.filter((one) => one.day === day).length, 0),
      )
      const [x, anonymous] = [
        seen.reduce((sum, count) => sum + count, 0),
        days.reduce((sum, { count }) => sum + count, 0),
      ]
      const rate = anonymous > 0 ? { x, n: x + anonymous } : undefined
      expect(facts.identified_rate, `identified ${text}`).toEqual(rate)
    }
  const quarter = (await scoreFacts(ledger, period('2026-Q3'), TODAY)).of(chain.stores[0])
  for (const fact of [quarter.retained_rate, quarter.second_visit_rate])
    expect(fact?.n).toBeGreaterThan(5) // Else nothing was compared.
  await ledger.close()
})

onBothEngines('spend grows by weeks, or by months in a long period', async (engine) => {
  const ledger = await openEmpty(engine)
  const { chain, people } = await makeHistory(ledger)
  const [store] = chain.stores
  const own = people.filter(({ home }) => home === store)
  const monthOf = (day: number) =>
    Number(new Date(day * DAY_MS).toISOString().slice(0, 7).replace('-', ''))
  for (const [text, isLong] of [
    ['2026-Q3', false],
    ['2026-03-10..2026-10-31', true],
  ] as const) {
    const asked = period(text)
    const side = (days: Pick<Period, 'from' | 'to'>) => {
      const week = (day: number) => Math.floor((day - days.from) / 7)
      return ratioOfSums(spansOf(own, days, isLong ? monthOf : week))
    }
    const [now, before] = [side(asked), side(periodBefore(asked))]
    const growth = growthOf(must(now, 'a mean'), must(before, 'a mean before'))
    const facts = (await scoreFacts(ledger, asked, TODAY)).of(store)
    const found = must(facts.spend_growth, 'a growth')
    expect('error' in found ? [found.value, found.error] : []).toEqual([
      expect.closeTo(must(growth, 'a growth').value, 10),
      expect.closeTo(must(growth, 'a growth').error, 10),
    ])
  }
  expect((await scoreFacts(ledger, period('2027-01'), TODAY)).of(store)).toEqual({})
  await ledger.close()
})
