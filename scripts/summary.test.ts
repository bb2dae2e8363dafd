// The last line is what a person and CI read. It must count both runners, and no stale report.
import { expect, test } from 'vitest'
import { readCounts, readFailures, summarise } from './summary.ts'

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

test('what failed is told with its place and its words, of either runner', () => {
  const passed = { status: 'passed', fullName: 'a merge is kept' }
  const failed = {
    status: 'failed',
    fullName: 'a push is heard',
    failureMessages: ['\u001b[31mexpected 1\u001b[39m\nto be 2'],
  }
  const testResults = [
    { name: 'db/push.test.ts', status: 'failed', assertionResults: [passed, failed] },
    { name: 'db/lost.test.ts', status: 'failed', message: 'no such import', assertionResults: [] },
    { name: 'db/pull.test.ts', status: 'passed', assertionResults: [passed] },
  ]
  expect(readFailures(JSON.stringify({ testResults }))).toEqual([
    'FAILED db/push.test.ts › a push is heard\n  expected 1\n  to be 2',
    'FAILED db/lost.test.ts\n  no such import',
  ])
  const specOf = (title: string, ok: boolean, message?: string) => ({
    ...{ title, ok, file: 'sync.spec.ts', line: 7 },
    tests: [{ results: [{ error: message === undefined ? undefined : { message } }] }],
  })
  const specs = [specOf('a visit arrives', false, 'timed out'), specOf('a tag arrives', true)]
  const inner = { specs: [specOf('a promise arrives', false)] }
  const suites = [{ specs, suites: [inner] }]
  expect(readFailures(JSON.stringify({ suites }))).toEqual([
    'FAILED sync.spec.ts:7 › a visit arrives\n  timed out',
    'FAILED sync.spec.ts:7 › a promise arrives\n  no message',
  ])
})

test('failures stand above the table, so that the end of a log tells them', () => {
  const counts = { passed: 4, failed: 1, skipped: 0 }
  const failures = ['FAILED db/push.test.ts › a push is heard\n  expected 1']
  const summary = summarise([{ name: 'unit', ok: false, durationMs: 2000, counts, failures }])
  expect(summary.split('\n')).toEqual([
    ...['FAILED db/push.test.ts › a push is heard', '  expected 1', ''],
    ...['  unit  FAIL    2.0 s   4 passed, 1 failed', '', '4 passed, 1 failed'],
  ])
})
