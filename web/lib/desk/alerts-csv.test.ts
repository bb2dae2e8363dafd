import { parse } from 'csv-parse/sync'
import { expect, test } from 'vitest'
import type { AlertRule } from '#model/alert-rule.ts'
import { dayFromCivil } from '#model/calendar.ts'
import type { AlertPlace, AlertRow, MondayReport } from '#model/report-alerts.ts'
import { alertsCsv, replayCsv, rulesCsv } from './alerts-csv.ts'
import { mondayCsv } from './monday-csv.ts'
import { messagesIn } from './words.ts'

// The file must hold what was seen: figures to count with in their unit, a gap where there is no
// limit and no data, and nothing that a spreadsheet would run.

const say = messagesIn('en')
const MONDAY = dayFromCivil(2026, 11, 2)
const PLACE: AlertPlace = {
  ...{ store_id: 's1', store_name: '=人民路', store_name_en: null },
  ...{ region_id: null, currency: 'CNY' },
}
const RULE: AlertRule = {
  ...{ name: '+Money', metric: 'spend_per_visit', scope_kind: 'all', scope_ids: [] },
  ...{ test: 'threshold', limit: 12_050, window_weeks: 4, min_n: 20, severity: 'act' },
  ...{ owner: 'regional', cool_down_days: 28, direction: 'bad', task: '', may_automate: false },
  ...{ state: 'on', since: MONDAY },
}
const ALERT: AlertRow = {
  ...PLACE,
  ...{ id: 'a', first_day: MONDAY, last_day: MONDAY + 7, weeks: 2, is_back: false },
  ...{ is_derived: true, state: 'open', is_automatic: false, task_state: null },
  ...{ task_text: null, steps: [], rule: { ...RULE, id: 'r1' } },
  last: { value: 9_999.4, n: 31, centre: 12_050, low: 12_050, high: null },
}

function read(text: string): Record<string, string>[] {
  return parse(text, { bom: true, columns: true })
}

test('alerts stand with figure, limits, and up to when it was judged', () => {
  const gone = { ...ALERT, id: 'b', last: null, task_text: 'Call them' }
  const rows = read(alertsCsv([ALERT, gone], { week: MONDAY + 7 }, say, 'en'))
  expect(rows[0]).toMatchObject({
    ...{ Severity: 'Act', Rule: "'+Money", Store: "'=人民路", 'Store id': 's1' },
    ...{ Progress: 'Not seen yet', Value: '99.99', Cases: '31', 'Lower limit': '120.5' },
    ...{ 'Upper limit': '', Currency: 'CNY', 'First week (Monday)': '2026-11-02' },
    ...{ 'Weeks beyond': '2', 'Back within limits': 'no', 'Judged up to': '2026-11-15' },
  })
  expect(rows[1]).toMatchObject({ Value: '', Cases: '', Task: 'Call them' })
})

test('a replay stands alert by alert, with its verdict and the time that it looked at', () => {
  const { first_day, last_day, weeks } = ALERT
  const alert = { ...PLACE, first_day, last_day, weeks, n: 50, verdict: 'wrong' as const }
  const rule: AlertRule = { ...RULE, name: 'Share', metric: 'identified_rate' }
  const alerts = [{ ...alert, value: 0.51239, low: 0.6, high: null }]
  const [row] = read(replayCsv({ alerts, from: MONDAY - 364, to: MONDAY }, rule, say, 'en'))
  expect(row).toMatchObject({
    ...{ Rule: 'Share', Figure: 'Identified rate (0–1)', 'Figure then': '0.5124' },
    ...{ 'Lower limit': '0.6', 'Upper limit': '', Verdict: 'Wrong' },
    Period: '2025-11-03..2026-11-08',
  })
})

test('rules stand with their threshold in the unit of the figure, and nobody’s answers as a gap', () => {
  const known = { ...RULE, id: 'r1', decided: 0, accepted: 0, is_automatic: false }
  const answered = { ...known, id: 'r2', state: 'off' as const, decided: 4, accepted: 3 }
  const report = { rules: [known, answered], regions: [], formats: [], stores: [PLACE] }
  const rows = read(rulesCsv(report, 'CNY', say, 'en'))
  expect(rows[0]).toMatchObject({
    ...{ Rule: "'+Money", State: 'On', 'On since': '2026-11-02', Threshold: '120.5' },
    ...{ 'Fewest cases': '20', 'Proposals answered': '0', 'Of them accepted': '' },
  })
  expect(rows[1]).toMatchObject({ State: 'Off', 'On since': '', 'Of them accepted': '3' })
})

test('the Monday page stands line by line, each with its week and how whole it is', () => {
  const change = { metric: 'identified_rate' as const, value: 0.7, n: 40, strength: 1.2 }
  const limits = { smoothed: 0.68, usual: 0.6, low: 0.5, high: 0.65 }
  const report: MondayReport = {
    ...{ store: PLACE, week: '2026-W45', from: MONDAY, to: MONDAY + 7, as_of: null },
    ...{ is_whole: false, alerts: 0, computed_at: 0, slipping: [] },
    improved: [{ ...change, ...limits }],
    saves: [
      {
        ...{ customer_id: 'c1', name: '-Anna', light: 'red', days_since: 60, gap_days: 13.25 },
        ...{ lost_on: MONDAY + 30, visits: 9, spend_minor: 12_345, days: [], came_on: null },
      },
    ],
    practice: {
      ...{ store_id: 's2', metric: 'identified_rate', test: 'funnel-99.9', value: 0.9, n: 80 },
      ...{ usual: 0.6, limit: 0.8, own: null, strength: 2, place: null },
    },
  }
  const [improved, save, practice] = read(mondayCsv(report, say, 'en'))
  expect(improved).toMatchObject({
    ...{ Store: "'=人民路", Week: '2026-W45', Part: 'Improved', Value: '0.7', Usual: '0.6' },
    ...{ 'Average of late': '0.68', 'Data whole': 'no', 'Data as of': '', Customer: '' },
  })
  expect(save).toMatchObject({
    ...{ Customer: "'-Anna", 'Usual gap (days)': '13.3', 'Days absent': '60' },
    ...{ 'Spend in a year': '123.45', 'Came again on': '', Figure: '' },
  })
  expect(practice).toMatchObject({ Part: 'A practice to copy', Value: '0.9', 'This store': '' })
})
