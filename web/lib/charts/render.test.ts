// What the components write down is what a reader without eyes gets: names, sentences, and words
// for “no data”. How it looks is seen in a browser only.
import { render } from 'svelte/server'
import { expect, test } from 'vitest'
import { charts as words } from '#web/i18n/en/charts.ts'
import Bandline from './Bandline.svelte'
import FunnelPlot from './FunnelPlot.svelte'
import HeatTable from './HeatTable.svelte'
import SlopeChart from './SlopeChart.svelte'
import SmallMultiples from './SmallMultiples.svelte'

const format = (value: number) => `${Math.round(value * 100)}%`
const said = { label: 'Repeat rate', description: 'Two stores rose.', format, words }

/** Names of all marks, in their order. */
function marks(html: string): string[] {
  const tags = html.match(/<[^>]*data-mark[^>]*>/g) ?? []
  return tags.map((tag) => /aria-label="([^"]*)"/.exec(tag)?.[1] ?? '')
}

const stopsOf = (html: string) => html.match(/tabindex="0"/g)?.length ?? 0

test('a bandline is one picture with a name, and says that its last period has no data', () => {
  const props = { label: 'Riverside: 30%', format, noData: words.noData, href: '/s/1' }
  const { body } = render(Bandline, { props: { ...props, values: [0.2, null, 0.3] } })
  expect(body).toMatch(/<a [^>]*href="\/s\/1"[^>]*aria-label="Riverside: 30%"/)
  expect(body).toContain('30%')
  const old = render(Bandline, { props: { ...props, values: [0.2, 0.3, null] } }).body
  expect(old).toContain(words.noData)
  expect(old).not.toContain('>30%<')
})

test('a value beyond its limits is a triangle, within them it is none', () => {
  const props = { label: 'a', format, noData: words.noData, values: [0.2, 0.9, 0.1] }
  const { body } = render(Bandline, { props: { ...props, limits: { min: 0, max: 0.5 } } })
  expect(body.match(/<path class="above/g)).toHaveLength(1)
  expect(render(Bandline, { props }).body).not.toMatch(/class="(above|below)/)
})

test('every panel names its points in order, with no data in words', () => {
  const panels = [
    { id: 'a', name: 'Riverside', points: [0.2, null], href: '/s/a' },
    { id: 'b', name: 'Hilltop', points: [0.3, 0.8], limits: { min: 0.1, max: 0.5 } },
  ]
  const reference = { id: 'all', name: 'All stores', points: [0.25, 0.4] }
  const props = { ...said, places: ['Sep', 'Oct'], panels, reference }
  const { body } = render(SmallMultiples, { props })
  expect(marks(body)).toEqual([
    'All stores · Sep · 25%',
    'All stores · Oct · 40%',
    'Riverside · Sep · 20%',
    'Riverside · Oct · No data',
    'Hilltop · Sep · 30%',
    'Hilltop · Oct · 80% · Above its limits',
  ])
  expect(stopsOf(body)).toBe(1)
  expect(body).toContain('Two stores rose.')
})

test('a slope without an end says so, and follows its link', () => {
  const lines = [
    { id: 'a', name: 'Riverside', from: 0.2, to: 0.4, href: '/s/a', broke: 'above' as const },
    { id: 'b', name: 'Hilltop', from: 0.3, to: null },
  ]
  const props = { ...said, lines, heads: { from: 'Q2', to: 'Q3' } }
  const { body } = render(SlopeChart, { props })
  expect(marks(body)).toEqual([
    'Riverside · Q2 20% · Q3 40% · Above its limits',
    'Hilltop · Q2 30% · Q3 No data',
  ])
  expect(body).toMatch(/<a [^>]*href="\/s\/a"/)
  expect(stopsOf(body)).toBe(1)
})

test('points of a funnel go from the smallest to the largest', () => {
  const limits = {
    n: [10, 1000],
    centre: 0.3,
    inner: { low: [0, 0.27], high: [0.6, 0.33] },
    outer: { low: [0, 0.25], high: [0.8, 0.35] },
  }
  const points = [
    { id: 'a', name: 'Riverside', n: 900, rate: 0.5, alert: 'above' as const },
    { id: 'b', name: 'Hilltop', n: 40, rate: 0.3 },
  ]
  const names = { n: 'Customers', centre: 'All', inner: '95%', outer: '99.9%' }
  const { body } = render(FunnelPlot, {
    props: { ...said, points, limits, names, formatN: String },
  })
  expect(marks(body)).toEqual([
    'Hilltop · 30% · Customers 40',
    'Riverside · 50% · Customers 900 · Above its limits',
  ])
  expect(body).toMatch(/<text[^>]*>Riverside<\/text>/)
})

test('a heat map is a table with a text in every cell', () => {
  const rows = [
    { id: 'a', name: '2026-08', size: '120', cells: [0.5, null, 0.2] },
    { id: 'b', name: '2026-09', size: '90', cells: [0.42] },
  ]
  const heads = { name: 'First visit', size: 'People', periods: ['1', '2', '3'] }
  const { body } = render(HeatTable, { props: { ...said, heads, rows } })
  const cells = (body.match(/<td[^>]*>.*?<\/td>/gs) ?? []).map((cell) =>
    cell.replace(/<[^>]*>/g, '').trim(),
  )
  expect(cells).toEqual([
    '120',
    '50%',
    'No data–',
    '20%',
    '90',
    '42%',
    'Not yet due',
    'Not yet due',
  ])
  const steps = [...body.matchAll(/data-step="(\d)"/g)].map(([, step]) => step)
  expect(steps).toEqual(['6', '1', '5'])
})
