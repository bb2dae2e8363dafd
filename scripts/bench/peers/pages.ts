// Builds the pages of the bench as the app's own are built, and weighs each contender's data layer.
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { svelte } from '@sveltejs/vite-plugin-svelte'
import { build, type Plugin } from 'vite'

/** Below the built app, because our server serves nothing else. */
export const PAGES = join('build', 'bench-peers')

const BASE = '/bench-peers/'
const ENVIRONMENT = '$app/environment'
const POUCH = ['pouchdb.min.js', 'pouchdb.find.min.js', 'pouchdb.indexeddb.min.js']

export interface Weights {
  /** Gzipped bytes a page fetches for its data layer, by contender. */
  [contender: string]: number
}

/** Packages of peers are looked for where they were fetched to, not in the project. */
function peersFrom(folder: string): Plugin {
  const importer = resolve(folder, 'index.js')
  return {
    name: 'peers',
    enforce: 'pre',
    resolveId(source) {
      if (source === ENVIRONMENT) return `\0${ENVIRONMENT}`
      if (!source.startsWith('rxdb')) return null
      return this.resolve(source, importer, { skipSelf: true })
    },
    load: (id) => (id === `\0${ENVIRONMENT}` ? "export const version = 'bench'" : null),
  }
}

function sourceOf(name: string): string {
  return fileURLToPath(new URL(`pages/${name}.ts`, import.meta.url))
}

interface Chunk {
  type: 'chunk' | 'asset'
  fileName: string
  name?: string
  imports?: string[]
  source?: string | Uint8Array
}

/** Builds all pages for which there are packages; gives the weights. */
export async function buildPages(packages: string, hasRxdb: boolean, hasPouch: boolean) {
  rmSync(PAGES, { recursive: true, force: true })
  const names = ['harness', 'ours', 'layer', 'floor']
  if (hasRxdb) names.push('rxdb')
  if (hasPouch) names.push('pouch')
  const output = await build({
    configFile: false,
    logLevel: 'error',
    base: BASE,
    plugins: [peersFrom(packages), svelte({ configFile: false })],
    // As in the app's own build.
    resolve: { alias: [{ find: /^dexie$/, replacement: 'dexie/dist/modern/dexie.min.mjs' }] },
    worker: { format: 'es' },
    build: {
      outDir: PAGES,
      target: ['chrome111', 'edge111', 'firefox119', 'safari16.4'],
      modulePreload: false,
      rolldownOptions: {
        input: Object.fromEntries(names.map((name) => [name, sourceOf(name)])),
        preserveEntrySignatures: 'strict',
        output: { entryFileNames: '[name].js' },
      },
    },
  })
  const [first] = [output].flat()
  if (!first || !('output' in first)) throw new Error('the pages were not built')
  writeHtml('index.html', [])
  const weights = weigh(first.output as Chunk[], names)
  if (hasPouch) Object.assign(weights, addPouch(packages))
  return weights
}

function writeHtml(name: string, scripts: readonly string[]): void {
  mkdirSync(PAGES, { recursive: true })
  const tags = scripts.map((script) => `<script src="${BASE}${script}"></script>`)
  const harness = `<script type="module" src="${BASE}harness.js"></script>`
  const head = '<!doctype html><meta charset="utf-8" /><title>Bench</title>'
  writeFileSync(join(PAGES, name), [head, ...tags, harness].join('\n'))
}

/** PouchDB's own minified files: bundled by us it would weigh more. */
function addPouch(packages: string): Weights {
  const files = POUCH.map((file) => join(packages, 'node_modules', 'pouchdb', 'dist', file))
  for (const file of files) copyFileSync(file, join(PAGES, basename(file)))
  writeHtml('pouch.html', POUCH)
  const [core = 0, find = 0, adapter = 0] = files.map((file) => gzipped(file))
  return { pouch: core + find, 'pouch-indexeddb': core + find + adapter }
}

function gzipped(path: string): number {
  return gzipSync(readFileSync(path), { level: 9 }).length
}

/** An entry with everything it imports from its start, and the worker that it begins. */
function weigh(output: readonly Chunk[], names: readonly string[]): Weights {
  const chunks = new Map(output.map((chunk) => [chunk.fileName, chunk]))
  const weights: Weights = {}
  for (const name of names) {
    const files = new Set<string>()
    const queue = [`${name}.js`]
    for (let file = queue.pop(); file !== undefined; file = queue.pop()) {
      if (files.has(file)) continue
      files.add(file)
      queue.push(...(chunks.get(file)?.imports ?? []))
    }
    weights[name] = sum([...files].map((file) => gzipped(join(PAGES, file))))
  }
  const workers = output.filter(({ fileName }) => /worker.*\.js$/.test(fileName))
  weights['worker'] = sum(workers.map(({ fileName }) => gzipped(join(PAGES, fileName))))
  return weights
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0)
}
