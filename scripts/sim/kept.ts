// Results that are kept, one line a seed, so that a long run can be stopped and gone on with. A
// seed counts as played only for the code that played it.
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import type { Done, EngineChoice } from './tasks.ts'
import { hashOf } from './server.ts'

const FOLDER = join('data', 'sim')
const PRODUCT = ['db', 'api', 'web/lib/local', 'web/lib/sync']
const SIMULATOR = ['scripts/sim']

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.(ts|sql)$/.test(entry.name))
    .filter((entry) => !/\.test\.ts$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
}

const COMPILED: ts.CompilerOptions = {
  target: ts.ScriptTarget.ESNext,
  module: ts.ModuleKind.ESNext,
  verbatimModuleSyntax: true,
  removeComments: true,
}

/** What a file does: without its types, its comments and the way it is laid out. */
function doings(file: string): string {
  const text = readFileSync(file, 'utf8')
  const isScript = file.endsWith('.ts')
  return isScript ? ts.transpileModule(text, { compilerOptions: COMPILED }).outputText : text
}

function hashBelow(folders: readonly string[]): string {
  const files = folders.flatMap(filesBelow)
  return hashOf(files.map((file) => `${file}\n${doings(file)}`).join('\n')).slice(0, 12)
}

/**
 * Hashes of all code that a run depends on, the product's and the simulator's; better words for the
 * same change nothing.
 */
export function codeHash(): string {
  return `${hashBelow(PRODUCT)}-${hashBelow(SIMULATOR)}`
}

export interface KeptRun {
  engine: EngineChoice
  steps: number
  off: string | null
}

export type KeptDone = Omit<Done, 'lines'> & { code: string }

function fileOf({ engine, steps, off }: KeptRun): string {
  return join(FOLDER, `${engine}-${steps}${off ? `-without-${off}` : ''}.jsonl`)
}

/** What was played by this code, by seed. A line that was cut by a kill counts as not there. */
export function readKept(run: KeptRun, code: string): Map<number, KeptDone> {
  const file = fileOf(run)
  const kept = new Map<number, KeptDone>()
  if (!existsSync(file)) return kept
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    if (!line.endsWith('}')) continue
    const done = JSON.parse(line) as KeptDone
    if (done.code === code) kept.set(done.seed, done)
  }
  return kept
}

export function keep(run: KeptRun, { lines: _lines, ...done }: Done, code: string): KeptDone {
  mkdirSync(FOLDER, { recursive: true })
  const kept = { ...done, code }
  appendFileSync(fileOf(run), `${JSON.stringify(kept)}\n`)
  return kept
}
