// What stands in an address comes back from it; what is typed in a form comes out as a rule.
import { expect, test } from 'vitest'
import { ALERT_METRICS } from '#model/alerts/alert-metric.ts'
import { STARTER_IDS } from '#model/alerts/starters.ts'
import type { AlertRow, EvidenceWeek } from '#model/report-alerts.ts'
import { fileRows } from '#web/charts/twin.ts'
import { fitted, formOf, newRule, readForm, starterOf, windowsOf } from './alert-form.ts'
import { scopeWords } from './alert-scope.ts'
import {
  alertsAddress,
  chosenAlerts,
  mondayAddress,
  readAlertsView,
  readWeek,
} from './alerts-address.ts'
import { evidenceTwin, shownWeeks } from './alerts-evidence.ts'
import { alertFigure, boundsWords, headline, proposedTask } from './alerts-words.ts'
import { recordsLink } from './monday-links.ts'
import { messagesIn } from './words.ts'

const en = messagesIn('en').alerts
const zh = messagesIn('zh').alerts
const params = (address: string) => new URL(address, 'https://desk').searchParams

test('a view of the alerts is the same after its address', () => {
  const views = [
    { state: 'open', severity: null, rule: '', store: '' },
    { state: 'all', severity: 'urgent', rule: 'r1', store: 's1' },
  ] as const
  for (const view of views) expect(readAlertsView(params(alertsAddress(view)))).toEqual(view)
  expect(alertsAddress(views[0])).toBe('/desk/alerts')
  expect(readAlertsView(params('/desk/alerts?state=loud&severity=9'))).toEqual(views[0])
  expect(readWeek(params(mondayAddress('s', '2026-W45')))?.text).toBe('2026-W45')
  expect(readWeek(params('/desk/monday/s?week=2026-11'))).toBeNull()
})

const ALERT: AlertRow = {
  ...{ id: 'a', store_id: 's1', store_name: '人民路店', store_name_en: 'Renmin Road' },
  ...{ region_id: null, currency: 'CNY', first_day: 20_000, last_day: 20_007, weeks: 2 },
  ...{ is_back: false, is_derived: true, state: 'open', is_automatic: false },
  ...{ task_state: null, task_text: null, steps: [] },
  last: { value: 0.412, n: 300, centre: 0.6, low: 0.5, high: 0.7 },
  rule: {
    ...{ id: 'r1', name: 'Low', metric: 'identified_rate', test: 'funnel-99.9', direction: 'bad' },
    ...{ severity: 'act', owner: 'regional', task: '', window_weeks: 4 },
  },
}

test('filters choose rows, and nothing chosen is everything', () => {
  const other = { ...ALERT, id: 'b', store_id: 's2', rule: { ...ALERT.rule, id: 'r2' } }
  const all = { severity: null, rule: '', store: '' }
  const ids = (more: object) => chosenAlerts([ALERT, other], { ...all, ...more }).map((a) => a.id)
  expect(ids({})).toEqual(['a', 'b'])
  expect(ids({ rule: 'r2' })).toEqual(['b'])
  expect(ids({ store: 's1' })).toEqual(['a'])
  expect(ids({ severity: 'urgent' })).toEqual([])
})

test('a figure is told in its unit, with the limits there are', () => {
  expect(alertFigure('identified_rate', 0.4123, 'CNY', 'en')).toBe('41.2%')
  expect(alertFigure('spend_per_visit', 12_345.6, 'CNY', 'en')).toBe('¥123.46')
  expect(alertFigure('visits', 310.4, 'CNY', 'en')).toBe('310')
  expect(alertFigure('new', 7.25, 'CNY', 'en')).toBe('7.3')
  const bounds = (low: number | null, high: number | null) =>
    boundsWords('visits', { low, high }, 'CNY', en, 'en')
  expect(bounds(1, 2)).toBe('limits 1 – 2')
  expect(bounds(null, 2)).toBe('upper limit 2')
  expect(bounds(1, null)).toBe('lower limit 1')
  expect(bounds(null, null)).toBe('')
  expect(headline({ metric: 'lost_rate', direction: 'bad' }, zh)).toBe('周流失率偏高')
  expect(headline({ metric: 'visits', direction: 'bad' }, zh)).toBe('到店偏低')
})

test('every metric has a task for either side, and a rule’s own words go first', () => {
  for (const metric of ALERT_METRICS)
    for (const direction of ['bad', 'good'] as const)
      for (const say of [zh, en]) {
        expect(proposedTask({ metric, direction, task: ' ' }, say).length).toBeGreaterThan(10)
        expect(proposedTask({ metric, direction, task: 'Mine' }, say)).toBe('Mine')
      }
})

test('every offered rule goes through the form unchanged', () => {
  for (const id of STARTER_IDS) {
    const rule = newRule(id, zh.starters[id])
    expect(readForm(formOf(rule, 'CNY'), 'CNY', 'off')).toEqual({ ok: true, rule })
    expect(starterOf(id)).toBe(id)
  }
  expect(starterOf('nonsense')).toBeNull()
})

test('a threshold is typed in percent or in money, and stored in the metric’s own unit', () => {
  const form = formOf(newRule('identified-low', 'Low'), 'CNY')
  const read = (more: Partial<typeof form>) => readForm({ ...form, ...more }, 'CNY', 'on')
  const share = read({ test: 'threshold', limit: '45.5', window: '4' })
  expect(share.ok && share.rule.limit).toBeCloseTo(0.455, 12)
  const money = read({ metric: 'spend_per_visit', test: 'threshold', limit: '120', window: '4' })
  expect(money.ok && money.rule.limit).toBe(120_00)
  expect(money.ok && formOf(money.rule, 'CNY').limit).toBe('120')
  expect(read({ test: 'threshold', limit: '' })).toEqual({ ok: false, faults: { limit: true } })
})

test('fields that say no rule are named', () => {
  const form = formOf(newRule('visits-slide', 'Slide'), 'CNY')
  const faults = (more: Partial<typeof form>) => {
    const read = readForm({ ...form, ...more }, 'CNY', 'off')
    return read.ok ? [] : Object.keys(read.faults)
  }
  expect(faults({ name: ' ' })).toEqual(['name'])
  expect(faults({ min_n: 'many' })).toEqual(['min_n'])
  expect(faults({ cool_down: '3' })).toEqual(['cool_down'])
  expect(faults({ scope_kind: 'region' })).toEqual(['scope_ids'])
})

test('another metric takes the test and the window along where they fit', () => {
  const form = formOf(newRule('identified-high', 'High'), 'CNY')
  expect(fitted({ ...form, metric: 'lost_rate' })).toMatchObject({
    ...{ test: 'funnel-99.9', window: '8' },
  })
  const visits = fitted({ ...form, metric: 'visits' })
  expect(visits).toMatchObject({ test: 'ewma', window: '4' })
  expect(windowsOf('threshold')).toContain(13)
})

test('the evidence in a table is that of the chart, with the first known week first', () => {
  const blank = { value: null, tested: null, centre: null, low: null, high: null, n: null }
  const known = { value: 0.4123456, tested: 0.4, centre: 0.6, low: 0.5, high: null, n: 300 }
  const weeks: EvidenceWeek[] = [
    { day: 19_993, ...blank, fired: false },
    { day: 20_000, ...known, fired: true },
  ]
  expect(shownWeeks(weeks).map(({ day }) => day)).toEqual([20_000])
  const [, line] = fileRows(evidenceTwin(shownWeeks(weeks), ALERT, en.page, 'en'))
  expect(line).toEqual(['2024-10-04', 0.4123, 0.4, 0.6, 0.5, null, 300, '▲'])
})

test('lost and new customers lead to their names, other figures to the store’s history', () => {
  const monday = 20_402
  expect(recordsLink('lost_rate', 's1', monday)).toContain('/desk/statement/movements?')
  expect(recordsLink('lost_rate', 's1', monday)).toContain('line=lost')
  expect(recordsLink('visits', 's1', monday)).toBe('/desk/stores/s1?period=2025-W46&grain=week')
})

test('a scope is told by the names of what it holds', () => {
  const region = { id: 'r', name: '华东', name_en: 'East' }
  const report = { rules: [], regions: [region], formats: ['kiosk'], stores: [ALERT] }
  const words = (scope_kind: 'all' | 'region' | 'format' | 'stores', ...scope_ids: string[]) =>
    scopeWords({ scope_kind, scope_ids }, report, en, 'en')
  expect(words('all')).toBe('All stores')
  expect(words('region', 'r')).toBe('East')
  expect(words('stores', 's1')).toBe('Renmin Road')
  expect(words('format', 'kiosk')).toBe('kiosk')
})
