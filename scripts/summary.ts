// What a run of all tests comes to: one table of its steps, and the counts of both test runners.
// It imports no package, because it must be able to tell that installing them failed.

export type Counts = { passed: number; failed: number; skipped: number }
export type StepResult = { name: string; ok: boolean; durationMs: number; counts?: Counts }

/** The parts that count: vitest's are at the top, Playwright's below `stats`. */
type Report = {
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

/** The table, then `N passed, N failed` alone on the last line. */
export function summarise(steps: readonly StepResult[]): string {
  const width = Math.max(...steps.map(({ name }) => name.length))
  const rows = steps.map(({ name, ok, durationMs, counts }) => {
    const seconds = `${(durationMs / 1000).toFixed(1)} s`.padStart(8)
    return `  ${name.padEnd(width)}  ${ok ? 'pass' : 'FAIL'} ${seconds}${describe(counts)}`
  })
  const total = (key: keyof Counts) =>
    steps.reduce((sum, { counts }) => sum + (counts?.[key] ?? 0), 0)
  return [...rows, '', `${total('passed')} passed, ${total('failed')} failed`].join('\n')
}

function describe(counts: Counts | undefined): string {
  if (counts === undefined) return ''
  const skipped = counts.skipped > 0 ? `, ${counts.skipped} skipped` : ''
  return `   ${counts.passed} passed, ${counts.failed} failed${skipped}`
}
