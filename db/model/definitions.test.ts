// What is at stake: a figure on screen of which nobody can say what it means. The compiler holds
// the registry to the names of all lists it knows; this holds it to the lists themselves and to the
// numbers that the formulas use. That every name has words is tested where they are looked up.
import { expect, test } from 'vitest'
import { ALERT_METRICS } from './alerts/alert-metric.ts'
import { BASELINE_FIGURES, EWMA_FIGURES } from './alerts/over-time.ts'
import { REPLAY_WEEKS } from './alerts/replay.ts'
import { WEEK_DAYS } from './alerts/week-figures.ts'
import { parseDay, YEAR_DAYS } from './calendar.ts'
import {
  ALERT_FIGURES,
  DEFINITION_AREAS,
  DEFINITION_IDS,
  DEFINITIONS,
  QUALITY_METRICS,
  RHYTHM_METRICS,
  SCORE_METRICS,
  SITE_FIGURES,
} from './definitions.ts'
import { METRIC_UNIT, METRICS } from './metrics.ts'
import { VALUE_WINDOW_DAYS } from './movements.ts'
import { SECOND_VISIT_DAYS } from './rhythm/cohort.ts'
import { REPEAT_WINDOW_DAYS } from './rhythm/repeat.ts'
import { EXPECTED_DAYS } from './rhythm/store-rhythm.ts'
import { COMPONENT_IDS, COMPONENTS } from './score/components.ts'
import { SHOWN } from './shown-figures.ts'
import { MEASURES } from './site-assessment.ts'
import { FLOW_LINES } from './statement.ts'

test('every figure of the desk has a definition', () => {
  const shown = [
    ...METRICS,
    ...FLOW_LINES,
    ...COMPONENT_IDS,
    ...RHYTHM_METRICS,
    ...ALERT_METRICS,
    ...SCORE_METRICS,
    ...ALERT_FIGURES,
    ...SITE_FIGURES,
    ...QUALITY_METRICS,
    'opening',
    'closing',
  ]
  const ids: readonly string[] = DEFINITION_IDS
  expect(shown.filter((name) => !ids.includes(name))).toEqual([])
  for (const area of DEFINITION_AREAS)
    expect(DEFINITION_IDS.some((id) => DEFINITIONS[id].area === area)).toBe(true)
})

test('every number of alerts, the Monday page and sites leads to a definition that is told', () => {
  const named: readonly string[] = Object.values(SHOWN).flatMap((fields) => Object.values(fields))
  const ids: readonly string[] = DEFINITION_IDS
  expect(named.filter((name) => name !== 'metric' && !ids.includes(name))).toEqual([])
  // And the other way round: what is defined for these pages is shown on them.
  expect([...ALERT_FIGURES, ...SITE_FIGURES].filter((id) => !named.includes(id))).toEqual([])
  const measures = Object.values(MEASURES).flat()
  expect(measures.filter((measure) => !ids.includes(SHOWN.measure[measure]))).toEqual([])
})

test('a definition says what the formula does', () => {
  for (const metric of METRICS) {
    const unit = DEFINITIONS[metric].unit
    const isCount = unit !== 'share' && unit !== 'money'
    expect([metric, isCount ? 'count' : unit]).toEqual([metric, METRIC_UNIT[metric]])
  }
  for (const id of COMPONENT_IDS)
    expect([id, DEFINITIONS[id].recorded]).toEqual([id, COMPONENTS[id].recorded])
  expect(DEFINITIONS.value.window_days).toBe(VALUE_WINDOW_DAYS)
  expect(DEFINITIONS.second_visit_rate.window_days).toBe(SECOND_VISIT_DAYS)
  expect(DEFINITIONS.repeat_interval.window_days).toBe(REPEAT_WINDOW_DAYS)
  expect(DEFINITIONS.expected_visits.window_days).toBe(EXPECTED_DAYS)
  expect(DEFINITIONS.usual.window_days).toBe(BASELINE_FIGURES * WEEK_DAYS)
  expect(DEFINITIONS.recent_mean.window_days).toBe(EWMA_FIGURES * WEEK_DAYS)
  expect(DEFINITIONS.alert_rate.window_days).toBe(REPLAY_WEEKS * WEEK_DAYS)
  expect(DEFINITIONS.year_spend.window_days).toBe(YEAR_DAYS)
})

test('a version is counted from 1 and holds since a day', () => {
  for (const { version, since } of Object.values(DEFINITIONS)) {
    expect(version).toBeGreaterThanOrEqual(1)
    expect(parseDay(since)).not.toBeNull()
  }
})
