// `npm run check`: types, lint, format and the rules of the house. `--staged` looks at the files of
// the next commit only where a tool works file by file; types and house rules need the whole.
// `--quick` asks no lint rule about pages that needs their types (see eslint.config.js).
import { execFileSync } from 'node:child_process'
import { checkDocuments } from './check/documents.ts'
import { checkImports } from './check/imports.ts'
import { checkNames } from './check/names.ts'
import { checkPlaces } from './check/places.ts'
import { checkSizes } from './check/sizes.ts'
import { readSources, type Rule } from './check/source.ts'
import { captureTool } from './step.ts'

const RULES: readonly Rule[] = [checkImports, checkSizes, checkDocuments, checkPlaces, checkNames]
const LINTED = /\.(ts|js|mjs|svelte)$/

type Check = { name: string; run: () => Promise<{ ok: boolean; output: string }> }

/** Runs the rules of the house over the project below the current folder. */
async function checkHouse(): Promise<{ ok: boolean; output: string }> {
  const sources = readSources('.')
  const findings = RULES.flatMap((rule) => rule(sources))
  const lines = findings.map(({ path, line, message }) => `${path}:${line} ${message}`)
  return { ok: findings.length === 0, output: lines.join('\n') }
}

/** Paths of the next commit; files that it deletes are not there to look at. */
function stagedPaths(): string[] {
  const args = ['diff', '--cached', '--name-only', '--diff-filter=d', '-z']
  return execFileSync('git', args, { encoding: 'utf8' }).split('\0').filter(Boolean)
}

/** The tools in pairs: the first of a pair is the slowest, so that two cores are kept busy. */
function checks(paths: readonly string[]): Check[] {
  const tool = (name: string, command: string, args: string[]): Check => ({
    name,
    run: () => captureTool(command, args),
  })
  const worker = ['-p', 'web/tsconfig.worker.json']
  const lint = paths.filter((path) => path === '.' || LINTED.test(path))
  const perFile = [
    tool('lint', 'eslint', ['--max-warnings=0', '--no-warn-ignored', ...lint]),
    tool('format', 'prettier', ['--check', '--ignore-unknown', '--log-level=warn', ...paths]),
  ]
  return [
    tool('types', 'svelte-check', ['--fail-on-warnings', '--output', 'human']),
    ...(lint.length > 0 ? perFile : perFile.slice(1)).filter(() => paths.length > 0),
    tool('types of the model', 'tsc', ['-p', 'db/model']),
    tool('types of the service worker', 'tsc', worker),
    { name: 'rules of the house', run: checkHouse },
  ]
}

/** Takes checks from the queue until it is empty; says what failed as soon as it is known. */
async function work(queue: Check[], failed: string[]): Promise<void> {
  for (let check = queue.shift(); check !== undefined; check = queue.shift()) {
    const { ok, output } = await check.run()
    console.log(`${ok ? 'ok  ' : 'FAIL'} ${check.name}`)
    if (ok) continue
    failed.push(check.name)
    console.log(output.trimEnd())
  }
}

if (process.argv.includes('--quick')) process.env.QUICK_LINT = 'yes'
const paths = process.argv.includes('--staged') ? stagedPaths() : ['.']
const sync = await captureTool('svelte-kit', ['sync'])
if (!sync.ok) console.log(sync.output)
const failed: string[] = sync.ok ? [] : ['svelte-kit sync']
const queue = checks(paths)
await Promise.all([work(queue, failed), work(queue, failed)])
if (failed.length > 0) {
  console.error(`check failed: ${failed.join(', ')}`)
  process.exit(1)
}
