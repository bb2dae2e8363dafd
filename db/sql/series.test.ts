// A line of thirteen periods must hold the numbers that each period shows by itself: else a manager
// sees one figure in the table and another in the drawing beside it.
import fc from 'fast-check'
import { expect } from 'vitest'
import { must } from '#model/assert.ts'
import { CHAIN } from '#model/id.ts'
import { NO_SUMS } from '#model/metrics.ts'
import type { Op } from '#model/op.ts'
import { parsePeriod, type Period, periodBefore } from '#model/period.ts'
import { rollUp } from './rollup.ts'
import { sumsOfSeries } from './series.ts'
import { sumsOfPeriod } from './sums.ts'
import { type TimedDraft, writeDrafts } from './write.ts'
import { enrolTablet, id, makeChain, MONDAY_10AM, onBothEngines, openEmpty } from './test-ledger.ts'

const DAY = 86_400_000
const TODAY = Math.floor(MONDAY_10AM / DAY)

function endingWith(text: string, count: number): Period[] {
  const periods = [must(parsePeriod(text), text)]
  while (periods.length < count) periods.unshift(periodBefore(must(periods[0], 'a period')))
  return periods
}

/** Each kind, ended and running; the last of them reach into the future. */
const ASKED = [
  endingWith('2026-10', 13),
  endingWith('2026-12', 4),
  endingWith('2026-Q4', 5),
  endingWith('2026', 3),
  endingWith('2026-W44', 13),
  endingWith('2026-W46', 6),
  endingWith('28d@2026-11-02', 13),
  endingWith('90d@2026-10-20', 4),
  endingWith('2026-09-03..2026-10-17', 5),
  endingWith('2026-11', 1),
]

/** Visits, tallies and taggings of three stores over more than a year, by a seed. */
async function liveAYear(chain: Awaited<ReturnType<typeof makeChain>>, seed: number) {
  const [days] = fc.sample(
    fc.array(fc.record({ ago: fc.nat(430), who: fc.nat(11), at: fc.nat(2), what: fc.nat(5) }), {
      minLength: 160,
      maxLength: 160,
    }),
    { seed, numRuns: 1 },
  )
  const people = Array.from({ length: 12 }, (_, who) => ({ id: id(), home: who % 3 }))
  const tablets = []
  for (const index of [0, 1, 2] as const) {
    const tablet = await enrolTablet(chain, index)
    const own = people.filter(({ home }) => home === index)
    const born = own.map((one) => tablet.customer(one.id, {}, MONDAY_10AM - 440 * DAY))
    await tablet.push(born, MONDAY_10AM)
    tablets.push(tablet)
  }
  for (const [index, tablet] of tablets.entries()) {
    const ops = (days ?? []).flatMap(({ ago, who, at, what }): Op[] => {
      const when = MONDAY_10AM - ago * DAY
      const person = must(people[who], 'a customer')
      const home_store_id = must(chain.stores[person.home], 'a home')
      if (at !== index) return []
      if (what === 0) return [tablet.visit(null, null, when, { count: 2 })]
      if (what > 1 || person.home !== index)
        return [tablet.visit(person.id, home_store_id, when, { spend_minor: 100 * (ago + 1) })]
      const payload = { tag_id: chain.tags[0], source: 'staff', home_store_id }
      return [tablet.seal({ kind: 'tagging', record_id: person.id, type: 'tag+', payload }, when)]
    })
    const { results } = await tablet.push(ops, MONDAY_10AM)
    expect(results.filter((one) => one.status !== 'applied')).toEqual([])
  }
  const moves = [
    { who: 0, to: 1, ago: 200 },
    { who: 0, to: 2, ago: 13 },
    { who: 4, to: 0, ago: 45 },
    { who: 8, to: 1, ago: 38 },
  ].map(({ who, to, ago }): TimedDraft => {
    const one = must(people[who], 'a customer')
    const from = must(chain.stores[one.home], 'a home')
    one.home = to
    const payload = { home_store_id: from, to_store_id: must(chain.stores[to], 'a home') }
    const at = MONDAY_10AM - ago * DAY
    return { kind: 'transfer', type: 'set', record_id: one.id, store_id: from, payload, at }
  })
  for (const draft of moves) {
    const [result] = await writeDrafts(chain.ledger, chain.admin, [draft], MONDAY_10AM)
    expect(result?.status).toBe('applied')
  }
  while ((await rollUp(chain.ledger)) > 0);
}

onBothEngines('a series holds the sums of each of its periods', async (engine) => {
  const ledger = await openEmpty(engine)
  const chain = await makeChain(ledger)
  await liveAYear(chain, 4)
  const tagMetric = `tagged:${chain.group}`
  const scopes = [...chain.stores, ...chain.regions, CHAIN]
  let compared = 0
  for (const periods of ASKED) {
    const asked = { periods, tagMetric, today: TODAY }
    const series = await sumsOfSeries(ledger, { ...asked, scopes: null })
    for (const [step, period] of periods.entries()) {
      const expected = await sumsOfPeriod(ledger, period, tagMetric, TODAY)
      for (const scope of scopes) {
        const found = series.get(scope)?.[step] ?? NO_SUMS
        expect([period.text, scope, found]).toEqual([
          period.text,
          scope,
          expected.get(scope) ?? NO_SUMS,
        ])
        compared += found.identified
      }
    }
    for (const scope of [chain.stores[1], chain.regions[0], CHAIN]) {
      const own = await sumsOfSeries(ledger, { ...asked, scopes: [scope] })
      expect(own.get(scope)).toEqual(series.get(scope))
      expect([...own.keys()].filter((one) => one !== scope)).toEqual([])
    }
  }
  expect(compared).toBeGreaterThan(1_000)
  await ledger.close()
})
