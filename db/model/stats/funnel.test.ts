// What is at stake: a manager is sent to a store that chance alone put at the end of the list, or
// is not sent to one that is truly failing.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { must } from '../assert.ts'
import { binomialCdf } from './binomial.ts'
import { ALARM_TAIL, ALERT_TAIL, funnelLimits, funnelOf, overdispersion } from './funnel.ts'
import { drawBeta, drawBinomial, seededRandom } from './random.ts'

const mean = fc.double({ min: 0.01, max: 0.99, noNaN: true })
const trials = fc.integer({ min: 1, max: 3000 })

/** Stores of 20 to 1,000 trials around one true rate, or around rates that differ by `sd`. */
function chainOf(seed: number, stores: number, rate: number, sd: number) {
  const random = seededRandom(seed)
  const strength = sd === 0 ? 0 : (rate * (1 - rate)) / sd ** 2 - 1
  return Array.from({ length: stores }, (_, index) => {
    const n = 20 + Math.floor(random() * 980)
    const p = sd === 0 ? rate : drawBeta(random, rate * strength, (1 - rate) * strength)
    return { id: `s${index}`, n, x: drawBinomial(random, n, p) }
  })
}

test('a store lies beyond a line exactly when chance is rarer than the line says', () => {
  const part = fc.double({ min: 0, max: 1, noNaN: true })
  fc.assert(
    fc.property(trials, mean, part, (n, p, share) => {
      const x = Math.round(n * share)
      const { alert, alarm } = funnelLimits(n, p)
      const [lower, upper] = [binomialCdf(x, n, p), binomialCdf(n - x, n, 1 - p)]
      for (const [limits, tail] of [
        [alert, ALERT_TAIL],
        [alarm, ALARM_TAIL],
      ] as const) {
        // A tail that equals the limit to rounding may fall on either side.
        if (Math.abs(lower - tail) > 1e-9) expect(x / n < limits.low).toBe(lower < tail)
        if (Math.abs(upper - tail) > 1e-9) expect(x / n > limits.high).toBe(upper < tail)
      }
    }),
  )
})

test('limits hold the mean, the outer ones the inner ones, and mirror for failures', () => {
  fc.assert(
    fc.property(trials, mean, fc.double({ min: 1, max: 9, noNaN: true }), (n, p, stretch) => {
      const { alert, alarm } = funnelLimits(n, p, stretch)
      const ends = [0, alarm.low, alert.low, p, alert.high, alarm.high, 1]
      expect(ends).toEqual([...ends].sort((a, b) => a - b))
      const mirror = funnelLimits(n, 1 - p, stretch)
      expect(mirror.alert.low + alert.high).toBeCloseTo(1, 8)
    }),
  )
})

test('the line is smooth: it narrows with every trial, though counts are whole', () => {
  for (let n = 30; n < 400; n += 1) {
    const [here, next] = [funnelLimits(n, 0.3).alert, funnelLimits(n + 1, 0.3).alert]
    expect(next.low).toBeGreaterThan(here.low - 0.002)
    expect(Math.abs(next.low - here.low)).toBeLessThan(0.006)
    expect(Math.abs(next.high - here.high)).toBeLessThan(0.006)
  }
})

test('of stores that differ by chance alone about 5 % alert and 0.1 % alarm', () => {
  const points = [1, 2, 3, 4, 5, 6, 7, 8].flatMap(
    (seed) => must(funnelOf(chainOf(seed, 1000, 0.3, 0)), 'trials').points,
  )
  const alarms = points.filter(({ verdict }) => verdict === 'alarm').length
  const alerts = points.filter(({ verdict }) => verdict === 'alert').length + alarms
  // Exact limits keep to at most their level: whole counts cannot use all of it.
  expect(alerts / points.length).toBeLessThan(0.055)
  expect(alerts / points.length).toBeGreaterThan(0.035)
  expect(alarms / points.length).toBeLessThan(0.002)
})

test('stores that truly differ stretch the limits, so that not half of them alert', () => {
  const chain = chainOf(5, 400, 0.3, 0.05)
  const found = must(funnelOf(chain), 'trials')
  expect(found.phi).toBeGreaterThan(2)
  expect(found.stretch).toBe(found.phi)
  const naive = chain.filter(({ x, n }) => {
    const { low, high } = funnelLimits(n, found.mean).alert
    return x / n < low || x / n > high
  })
  const alerts = found.points.filter(({ verdict }) => verdict !== 'within')
  expect(naive.length).toBeGreaterThan(100)
  expect(alerts.length).toBeLessThan(60)
})

test('a store far out is found on either side, and does not hide itself', () => {
  const chain = chainOf(6, 60, 0.3, 0)
  const bad = { id: 'bad', n: 400, x: 60 }
  const good = { id: 'good', n: 400, x: 190 }
  const { points, stretch } = must(funnelOf([...chain, bad, good]), 'trials')
  const verdictOf = (id: string) => points.find((point) => point.id === id)
  expect(stretch).toBeLessThan(1.5)
  expect(verdictOf('bad')).toMatchObject({ verdict: 'alarm', direction: 'below' })
  expect(verdictOf('good')).toMatchObject({ verdict: 'alarm', direction: 'above' })
})

test('the factor is the mean square of the winsorised z-scores', () => {
  // z = -2, -1, 0, 1, 2 of 100 trials around 0.5; the percentiles 10 and 90 are -1.6 and 1.6.
  const members = [40, 45, 50, 55, 60].map((x) => ({ x, n: 100 }))
  expect(overdispersion(members, 0.5)).toBeCloseTo((2 * 1.6 ** 2 + 2) / 5, 12)
})

test('no trials, no funnel; all or nothing everywhere is within', () => {
  expect(funnelOf([])).toBeNull()
  expect(funnelOf([{ id: 'a', x: 0, n: 0 }])).toBeNull()
  const none = must(
    funnelOf([
      { id: 'a', x: 0, n: 40 },
      { id: 'b', x: 0, n: 3 },
      { id: 'c', x: 0, n: 0 },
    ]),
    'trials',
  )
  expect(none.points.map(({ id, verdict }) => [id, verdict])).toEqual([
    ['a', 'within'],
    ['b', 'within'],
  ])
})
