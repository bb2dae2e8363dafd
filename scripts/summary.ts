// What a run of all tests comes to: what failed and why, one table of its steps, and the counts of
// both test runners. Whoever reads only the end of a long log must find the failure there.
// It imports no package, because it must be able to tell that installing them failed.
import { relative } from 'node:path'
import { stripVTControlCharacters } from 'node:util'

export type Counts = { passed: number; failed: number; skipped: number }
export type StepResult = {
  name: string
  ok: boolean
  durationMs: number
  counts?: Counts
  /** A text for each test that failed: where it is, its name, and what it said. */
  failures?: string[]
}

type Spec = {
  title: string
  file: string
  line: number
  ok: boolean
  tests: { results: { error?: { message?: string } }[] }[]
}
type Suite = { specs?: Spec[]; suites?: Suite[] }
type TestFile = {
  name: string
  status: string
  message?: string
  assertionResults: { status: string; fullName: string; failureMessages?: string[] }[]
}

/** The parts that are read: vitest's counts are at the top, Playwright's below `stats`. */
type Report = {
  testResults?: TestFile[]
  suites?: Suite[]
  numPassedTests?: number
  numFailedTests?: number
  numPendingTests?: number
  numTodoTests?: number
  stats?: { expected: number; unexpected: number; flaky: number; skipped: number }
}

/** Counts of a runner's JSON report. Throws when it is the report of neither runner. */
export function readCounts(json: string): Counts {
  const report: Report = JSON.parse(json)
  if (report.stats !== undefined) {
    // A flaky test passed in the end.
    const { expected, unexpected, flaky, skipped } = report.stats
    return { passed: expected + flaky, failed: unexpected, skipped }
  }
  const { numPassedTests: passed, numFailedTests: failed } = report
  if (passed === undefined || failed === undefined) throw new Error('not a report of tests')
  return { passed, failed, skipped: (report.numPendingTests ?? 0) + (report.numTodoTests ?? 0) }
}

// A message may hold a whole document; its first lines say what was expected and what came.
const MESSAGE_LINES = 30
const OTHERS_FRAME = /^\s+at .*(node_modules|node:internal|<anonymous>)/

/** A text for each test that failed in a runner's JSON report, and for each file not read. */
export function readFailures(json: string): string[] {
  const report: Report = JSON.parse(json)
  return [
    ...(report.testResults ?? []).flatMap(failuresOfFile),
    ...(report.suites ?? []).flatMap(failuresOfSuite),
  ]
}

function failuresOfFile({ name, status, message, assertionResults }: TestFile): string[] {
  const failed = assertionResults.filter((test) => test.status === 'failed')
  const file = relative('', name)
  if (failed.length === 0 && status === 'failed') return [asFailure(file, message)]
  return failed.map(({ fullName, failureMessages }) =>
    asFailure(`${file} › ${fullName}`, failureMessages?.join('\n')),
  )
}

function failuresOfSuite({ specs = [], suites = [] }: Suite): string[] {
  const failed = specs.filter(({ ok }) => !ok)
  return [
    ...failed.map(({ file, line, title, tests }) => {
      const errors = tests.flatMap(({ results }) => results.map(({ error }) => error?.message))
      return asFailure(
        `${file}:${line} › ${title}`,
        errors.find((message) => message !== undefined),
      )
    }),
    ...suites.flatMap(failuresOfSuite),
  ]
}

function asFailure(where: string, message = 'no message'): string {
  const lines = stripVTControlCharacters(message).trim().split('\n')
  const ours = lines.filter((line) => !OTHERS_FRAME.test(line)).slice(0, MESSAGE_LINES)
  return [`FAILED ${where}`, ...ours.map((line) => `  ${line}`)].join('\n')
}

/** What failed, the table, then `N passed, N failed` alone on the last line. */
export function summarise(steps: readonly StepResult[]): string {
  const width = Math.max(...steps.map(({ name }) => name.length))
  const rows = steps.map(({ name, ok, durationMs, counts }) => {
    const seconds = `${(durationMs / 1000).toFixed(1)} s`.padStart(8)
    return `  ${name.padEnd(width)}  ${ok ? 'pass' : 'FAIL'} ${seconds}${describe(counts)}`
  })
  const total = (key: keyof Counts) =>
    steps.reduce((sum, { counts }) => sum + (counts?.[key] ?? 0), 0)
  const failures = steps.flatMap(({ failures = [] }) => failures.flatMap((text) => [text, '']))
  return [...failures, ...rows, '', `${total('passed')} passed, ${total('failed')} failed`].join(
    '\n',
  )
}

function describe(counts: Counts | undefined): string {
  if (counts === undefined) return ''
  const skipped = counts.skipped > 0 ? `, ${counts.skipped} skipped` : ''
  return `   ${counts.passed} passed, ${counts.failed} failed${skipped}`
}
