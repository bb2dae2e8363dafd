// The last line is what a person and CI read. It must count both runners, and no stale report.
import { expect, test } from 'vitest'
import { readCounts, summarise } from './summary.ts'

test('counts are read from either runner', () => {
  const unit = { numPassedTests: 5, numFailedTests: 1, numPendingTests: 2, numTodoTests: 0 }
  expect(readCounts(JSON.stringify(unit))).toEqual({ passed: 5, failed: 1, skipped: 2 })
  const browser = { stats: { expected: 3, unexpected: 1, flaky: 1, skipped: 0 } }
  expect(readCounts(JSON.stringify(browser))).toEqual({ passed: 4, failed: 1, skipped: 0 })
  expect(() => readCounts('{}')).toThrow()
})

test('the summary has a row for each step and ends with the sum of the tests', () => {
  const summary = summarise([
    { name: 'setup', ok: true, durationMs: 40 },
    { name: 'unit', ok: true, durationMs: 2000, counts: { passed: 5, failed: 0, skipped: 1 } },
    { name: 'e2e', ok: false, durationMs: 61_500, counts: { passed: 2, failed: 1, skipped: 0 } },
  ])
  expect(summary.split('\n')).toEqual([
    '  setup  pass    0.0 s',
    '  unit   pass    2.0 s   5 passed, 0 failed, 1 skipped',
    '  e2e    FAIL   61.5 s   2 passed, 1 failed',
    '',
    '7 passed, 1 failed',
  ])
})
