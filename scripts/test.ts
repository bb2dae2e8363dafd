// `npm test`: everything there is to run, one step after the other, and one summary. Without its
// packages or its pages nothing else can run; any other failure lets the rest be seen as well.
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { runTool } from './step.ts'
import { readCounts, readFailures, type StepResult, summarise } from './summary.ts'

type Step = { name: string; command: string; args: string[]; report?: string; vital?: boolean }

const UNIT_REPORT = 'test-results/unit.json'
const E2E_REPORT = 'test-results/e2e.json'
const UNIT_ARGS = ['run', '--reporter=default', '--reporter=json', `--outputFile=${UNIT_REPORT}`]
// What is marked @long runs with `npm run e2e`, so that all of this ends within half an hour.
const E2E_ARGS = ['test', '--config', 'web/e2e/playwright.config.ts', '--grep-invert', '@long']
const node = process.execPath

const STEPS: readonly Step[] = [
  { name: 'setup', command: node, args: ['scripts/setup.ts'], vital: true },
  { name: 'browser', command: node, args: ['scripts/browser.ts'] },
  { name: 'check', command: node, args: ['scripts/check.ts', '--quick'] },
  { name: 'unit', command: 'vitest', args: UNIT_ARGS, report: UNIT_REPORT },
  { name: 'sim', command: node, args: ['scripts/sim.ts', '--test'] },
  { name: 'build', command: node, args: ['scripts/build.ts'], vital: true },
  { name: 'e2e', command: 'playwright', args: E2E_ARGS, report: E2E_REPORT },
]

async function run({ name, command, args, report }: Step): Promise<StepResult> {
  // Whoever stops a run that takes too long still sees where its time went.
  console.log(`\n== ${name}, after ${Math.round(performance.now() / 1000)} s`)
  // A report of an earlier run must not speak for one that did not get as far as writing its own.
  if (report !== undefined) rmSync(report, { force: true })
  const start = performance.now()
  const code = await runTool(command, args)
  const result = { name, ok: code === 0, durationMs: performance.now() - start }
  if (report === undefined || !existsSync(report)) return result
  const json = readFileSync(report, 'utf8')
  return { ...result, counts: readCounts(json), failures: readFailures(json) }
}

const results: StepResult[] = []
for (const step of STEPS) {
  const result = await run(step)
  results.push(result)
  if (step.vital && !result.ok) break
}
console.log(`\n${summarise(results)}`)
if (results.some(({ ok }) => !ok)) process.exit(1)
