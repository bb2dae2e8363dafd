// One contender through the whole work: a new browser profile, a fresh copy of its server's data,
// every phase timed in the page and its results compared with what must come out.
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BrowserContext, chromium, type Page } from '@playwright/test'
import { launchOptions } from '../../browser.ts'
import { seededRandom, uuid7 } from '../../demo/random.ts'
import { quantile } from '../measure.ts'
import type { Found } from './contender.ts'
import { type BenchServer, type Folders, type ServerName, startBenchServer } from './server.ts'
import type { Usage } from './servers/orders.ts'
import { CUSTOMERS, type Query, SHOWN, VISITS, type Work } from './work.ts'
import type {} from './pages/harness.ts'

export interface Runner {
  name: string
  server: ServerName
  /** The page and the module that it loads. */
  page: string
  module: string
  /** Lets a tablet in first. */
  enrols?: boolean
  /** Keeps the customers opened last apart, so that they are there at once. */
  hasRecents?: boolean
}

/** Milliseconds unless the name says otherwise. */
export interface Result {
  bootstrap: number
  first500: number
  downMB: number
  upMB: number
  bootstrapStall: number
  storageMB: number
  lookupP50: number
  lookupP95: number
  historyP50: number
  historyP95: number
  reopen: number
  /** NaN where there is no such thing. */
  recents: number
  writeP50: number
  writeP95: number
  flush: number
  flushStall: number
  pull: number
  pullStall: number
}

const PHASE_MS = 900_000
const MB = 1e6
const TOUCHED = 20

const newIds = seededRandom('new visits')

class Wrong extends Error {}

function must(isSo: boolean, what: string): void {
  if (!isSo) throw new Wrong(what)
}

/** Runs the work once. Throws when anything of it comes out wrong. */
export async function runOnce(runner: Runner, work: Work, folders: Folders): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), 'regulars-peers-'))
  const data = join(folder, 'data')
  cpSync(folders.data, data, { recursive: true })
  const server = await startBenchServer(runner.server, { ...folders, data })
  const profile = join(folder, 'profile')
  try {
    const before = await firstSession(runner, work, server, profile)
    const recents = runner.hasRecents ? await recentsSession(runner, server, profile, work) : NaN
    const after = await secondSession(runner, work, server, profile)
    return { ...before, recents, ...after }
  } finally {
    await server.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

interface Session {
  context: BrowserContext
  page: Page
}

async function open(runner: Runner, server: BenchServer, profile: string): Promise<Session> {
  const context = await chromium.launchPersistentContext(profile, launchOptions())
  const page = context.pages()[0] ?? (await context.newPage())
  page.setDefaultTimeout(PHASE_MS)
  page.on('pageerror', (error) => console.error(`  page error: ${error.message}`))
  await page.goto(`${server.url}/bench-peers/${runner.page}`)
  await page.waitForFunction(() => 'bench' in globalThis)
  await page.evaluate((module) => bench.load(module), `/bench-peers/${runner.module}.js`)
  return { context, page }
}

/** A new tablet: the first download, then look-ups and histories. */
async function firstSession(runner: Runner, work: Work, server: BenchServer, profile: string) {
  const { context, page } = await open(runner, server, profile)
  try {
    const { code = '' } = runner.enrols ? await server.ask<{ code: string }>({ do: 'code' }) : {}
    await page.evaluate((given) => bench.enrol(given), code)
    const start = await server.ask<Usage>({ do: 'usage' })
    const boot = await page.evaluate((total) => bench.bootstrap(total), CUSTOMERS)
    const end = await server.ask<Usage>({ do: 'usage' })
    const counts = await page.evaluate(() => bench.counts())
    must(counts.customers === CUSTOMERS, `${counts.customers} customers after the download`)
    must(counts.visits === VISITS, `${counts.visits} visits after the download`)
    const storage = await page.evaluate(() => bench.storageBytes())
    const lookup = await findAll(page, work)
    const history = await openHistories(page, work)
    const touched = work.histories.slice(0, TOUCHED).map((one) => one.id)
    await page.evaluate((ids) => bench.touch(ids), touched)
    return {
      bootstrap: boot.ms,
      first500: boot.first500Ms ?? NaN,
      bootstrapStall: boot.stallMs,
      downMB: (end.down - start.down) / MB,
      upMB: (end.up - start.up) / MB,
      storageMB: storage / MB,
      ...lookup,
      ...history,
    }
  } finally {
    await context.close()
  }
}

async function findAll(page: Page, { queries }: Work) {
  const searches = queries.map(({ kind, text }) => ({ kind, text }))
  const found = await page.evaluate(([asked, limit]) => bench.finds(asked, limit), [
    searches,
    SHOWN,
  ] as const)
  queries.forEach((query, index) => checkFound(query, found.ids[index] ?? []))
  return { lookupP50: quantile(found.ms, 0.5), lookupP95: quantile(found.ms, 0.95) }
}

/** All who answer are shown; when more answer than are shown, as many as are shown. */
function checkFound({ text, expected, answers }: Query, ids: readonly Found['id'][]): void {
  const missing = expected.filter((id) => !ids.includes(id))
  must(missing.length === 0, `looking up ${text} left out ${missing.length} customers`)
  must(ids.length >= Math.min(answers, SHOWN), `looking up ${text} gave ${ids.length} rows`)
}

async function openHistories(page: Page, { histories }: Work) {
  const ids = histories.map((one) => one.id)
  const opened = await page.evaluate((wanted) => bench.histories(wanted), ids)
  histories.forEach(({ id, visits }, index) => {
    const shown = opened.visits[index] ?? []
    must(shown.join() === visits.join(), `the history of ${id} is not what happened`)
  })
  return { historyP50: quantile(opened.ms, 0.5), historyP95: quantile(opened.ms, 0.95) }
}

/** Another start of the browser, asked for the customers opened last and nothing else. */
async function recentsSession(runner: Runner, server: BenchServer, profile: string, work: Work) {
  const { context, page } = await open(runner, server, profile)
  try {
    const { ms, ids } = await page.evaluate(() => bench.recents())
    const touched = work.histories.slice(0, TOUCHED).map((one) => one.id)
    must(ids.length === new Set(touched).size, `${ids.length} customers among the recent ones`)
    return ms
  } finally {
    await context.close()
  }
}

/** A cold start: the first answer, then writes with no network, their way out, others' edits. */
async function secondSession(runner: Runner, work: Work, server: BenchServer, profile: string) {
  const { context, page } = await open(runner, server, profile)
  try {
    const wanted = work.reopenQuery
    const search = { kind: wanted.kind, text: wanted.text }
    const id = wanted.expected[0] ?? ''
    const reopen = await page.evaluate(([asked, one]) => bench.reopen(asked, one), [
      search,
      id,
    ] as const)
    await page.waitForTimeout(1_500)
    const written = await writeOffline(context, page, work, server)
    const flush = await sendAll(context, page, written.ids, server)
    const pull = await pullEdits(page, work, server)
    const { writeP50, writeP95 } = written
    return { reopen, writeP50, writeP95, ...flush, ...pull }
  } finally {
    await context.close()
  }
}

async function writeOffline(context: BrowserContext, page: Page, work: Work, server: BenchServer) {
  await context.setOffline(true)
  const visits = work.writers.map((customer) => {
    return { customer, id: uuid7(Date.now(), newIds) }
  })
  const written = await page.evaluate((list) => bench.writes(list), visits)
  must(new Set(written.ids).size === visits.length, 'an offline write has no id of its own')
  const { held } = await server.ask<{ held: number }>({ do: 'held', visits: written.ids })
  must(held === 0, `${held} visits reached the server without a network`)
  const { ms, ids } = written
  return { ids, writeP50: quantile(ms, 0.5), writeP95: quantile(ms, 0.95) }
}

async function sendAll(context: BrowserContext, page: Page, ids: string[], server: BenchServer) {
  const flushing = page.evaluate(() => bench.flush())
  await context.setOffline(false)
  const { ms, stallMs } = await flushing
  const { held } = await server.ask<{ held: number }>({ do: 'held', visits: ids })
  must(held === ids.length, `the server holds ${held} of ${ids.length} offline visits`)
  return { flush: ms, flushStall: stallMs }
}

async function pullEdits(page: Page, { edits }: Work, server: BenchServer) {
  const { done } = await server.ask<{ done: number }>({ do: 'edit', edits })
  must(done === edits.length, `the server edited ${done} customers`)
  const last = edits.at(-1)
  const search = { kind: 'last4' as const, text: last?.last4 ?? '' }
  const { ms, stallMs } = await page.evaluate(([asked, id]) => bench.pull(asked, id), [
    search,
    last?.id ?? '',
  ] as const)
  const searches = edits.map(({ last4 }) => ({ kind: 'last4' as const, text: last4 }))
  const found = await page.evaluate((asked) => bench.finds(asked, 20), searches)
  const lost = edits.filter(({ id }, index) => !found.ids[index]?.includes(id))
  must(lost.length === 0, `${lost.length} edited customers are not found by their new phone`)
  return { pull: ms, pullStall: stallMs }
}
