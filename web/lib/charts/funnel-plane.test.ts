import { expect, test } from 'vitest'
import { funnelPlane, type FunnelAsked } from './funnel-plane.ts'

const n = [10, 100, 1000, 10_000]
const at = (z: number, sign: number) => n.map((size) => 0.3 + (sign * z * 0.46) / Math.sqrt(size))
const limits = {
  n,
  centre: 0.3,
  inner: { low: at(1.96, -1), high: at(1.96, 1) },
  outer: { low: at(3.29, -1), high: at(3.29, 1) },
}
const asked: FunnelAsked = {
  points: [
    { id: 'a', name: '人民路店', n: 40, rate: 0.32 },
    { id: 'b', name: '五角场店', n: 900, rate: 0.42, alert: 'above' },
    { id: 'c', name: '川沙店', n: 4000, rate: 0.24, alert: 'below' },
  ],
  limits,
  names: { centre: '全部 30%', inner: '95%', outer: '99.9%' },
  format: (rate) => `${Math.round(rate * 100)}%`,
  kind: 'log',
  bounds: { min: 0, max: 1 },
  width: 720,
  height: 380,
}

test.each(['log', 'linear'] as const)(
  'every point stands inside the field of a %s plot',
  (kind) => {
    const { x, y, frame } = funnelPlane({ ...asked, kind })
    for (const point of asked.points) {
      expect(x.at(point.n)).toBeGreaterThan(frame.x)
      expect(x.at(point.n)).toBeLessThan(frame.x + frame.width)
      expect(y.at(point.rate)).toBeGreaterThan(frame.y)
      expect(y.at(point.rate)).toBeLessThan(frame.y + frame.height)
    }
  },
)

test('names are given to the points beyond their limits and to the lines that are in sight', () => {
  const plane = funnelPlane(asked)
  expect(plane.labels.map(({ id }) => id)).toEqual(['b', 'c'])
  const ids = ['outer-high', 'inner-high', 'centre', 'inner-low', 'outer-low']
  expect(plane.ends.map(({ id }) => id)).toEqual(ids)
  plane.ends.slice(1).forEach((end, rank) => {
    expect(end.y - (plane.ends[rank]?.y ?? 0)).toBeGreaterThanOrEqual(17 - 1e-6)
  })
})

test('a limit below zero is not drawn for a share', () => {
  const outer = funnelPlane(asked).lines.find(({ id }) => id === 'outer-low')
  const free = funnelPlane({ ...asked, bounds: undefined }).lines.find(
    ({ id }) => id === 'outer-low',
  )
  expect(outer?.path.match(/[ML]/g)).toHaveLength(3)
  expect(free?.path.match(/[ML]/g)).toHaveLength(4)
})

test('one point, no point and a narrow screen still make a plot', () => {
  for (const points of [asked.points.slice(0, 1), []]) {
    const plane = funnelPlane({ ...asked, points, width: 288 })
    expect(plane.frame.width).toBeGreaterThanOrEqual(60)
    expect(plane.x.ticks.length).toBeGreaterThan(0)
    expect(plane.x.ticks.map(plane.x.at).every(Number.isFinite)).toBe(true)
  }
})
