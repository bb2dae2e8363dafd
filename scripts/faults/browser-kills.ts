// SIGKILL of a whole Chromium while a clerk works without a network. Whatever the screen counted as
// kept on the tablet must be there after every restart, and at the server at the end.
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from '@playwright/test'
import { eq } from 'drizzle-orm'
import { openLedger } from '#sql/open-ledger.ts'
import { nodePorts } from '#sql/ports.ts'
import { must } from '#model/assert.ts'
import { type Shop } from '../../web/e2e/shop.ts'
import { words } from '../../web/e2e/tablet-hand.ts'
import { findChromium } from '../browser.ts'
import { type Random, seededRandom } from '../demo/random.ts'
import { openServerPool } from './api-server.ts'
import { ChromiumTablet, type KeptOp } from './chromium-tablet.ts'
import { CuttingProxy } from './cutting-proxy.ts'
import { ledgerFile } from './installation.ts'
import { Lacking, type Outcome, outcomeOf, type Say, secondsSince } from './outcome.ts'
import { proveLedger } from './proof.ts'
import { makeShopFloor } from './shop-floor.ts'

const BUILT = fileURLToPath(new URL('../../build/index.html', import.meta.url))
const CUSTOMER = { digits: '7919', name: '王秀英' }
const TAG_GROUP = /^Likes/
const TAGS = ['Green tea', 'Coffee', 'Vegetarian']
/** This share of the kills falls into the start of the app, before anything is written. */
const IN_START_SHARE = 0.1
const START_MAX_MS = 2_500
/** This share falls between the first tap and what the screen says to it. */
const BEFORE_FIRST_SHARE = 0.2
const WORK_MAX_MS = 2_500
const SHOWN_MAX_MS = 30_000
const SYNC_MAX_MS = 180_000
const SAY_EVERY = 10
const PROBLEMS_MAX = 20

export interface BrowserOptions {
  count: number
  seed: string
  say: Say
}

interface Field {
  profile: string
  shop: Shop
  random: Random
  /** Ops that the screen has counted as unsent, over all rounds. */
  shown: number
  /** Told of each one that it counts. */
  onShown: () => void
  /** Ops that were found after the last restart. */
  found: KeptOp[]
  problems: string[]
}

/** A clerk taps until the browser is gone; what the screen confirms is counted. */
async function tapUntilKilled(field: Field, tablet: ChromiumTablet): Promise<void> {
  const { hand } = tablet
  const group = hand.page.getByRole('group', { name: TAG_GROUP })
  for (let tap = 0; ; tap += 1) {
    // A chip that is on is also named after where its tag comes from.
    const name = new RegExp(`^${TAGS[tap % TAGS.length]}`)
    await group.getByRole('button', { name }).click()
    const count = words.sync.record.waiting(field.shown + 1)
    await expect(hand.page.locator('.sync-badge').first()).toContainText(count, {
      timeout: SHOWN_MAX_MS,
    })
    field.shown += 1
    field.onShown()
  }
}

/** After a restart: the ops counted before are there, without a gap, and the screen says so. */
async function lookAfter(field: Field, tablet: ChromiumTablet, round: string): Promise<void> {
  const { shown, problems } = field
  const found = await tablet.ops()
  const say = (text: string) => problems.length < PROBLEMS_MAX && problems.push(`${round}: ${text}`)
  if (found.length < shown) say(`${shown} ops were shown as saved, ${found.length} are there`)
  if (found.some((row, index) => row.n !== index + 1)) say('the numbers of the ops have a gap')
  const before = new Map(found.map((row) => [row.n, row.op.hash]))
  const altered = field.found.filter((row) => before.get(row.n) !== row.op.hash)
  if (altered.length > 0) say(`${altered.length} ops of earlier rounds are gone or altered`)
  field.found = found
  field.shown = found.length
}

async function enter(tablet: ChromiumTablet): Promise<void> {
  await tablet.hand.open('/')
  await tablet.hand.page.waitForURL(/unlock/)
  await tablet.hand.unlock(0)
}

/** One start, some work, one kill. */
async function playRound(field: Field, round: string): Promise<void> {
  const { profile, shop, random } = field
  const tablet = await ChromiumTablet.start(profile, shop)
  if (random.chance(IN_START_SHARE)) {
    const starting = enter(tablet).catch(() => undefined) // The kill ends it wherever it is.
    await sleep(random.next() * START_MAX_MS)
    await tablet.kill()
    await starting
    return
  }
  await enter(tablet)
  await lookAfter(field, tablet, round)
  await tablet.hand.find(CUSTOMER.digits, CUSTOMER.name)
  const firstShown = new Promise<void>((resolve) => (field.onShown = resolve))
  let isKilled = false
  const working = tapUntilKilled(field, tablet).catch((error: unknown) => {
    if (!isKilled) field.problems.push(`${round}: the clerk was stopped by ${String(error)}`)
  })
  if (!random.chance(BEFORE_FIRST_SHARE)) await Promise.race([firstShown, working])
  await sleep(random.next() * WORK_MAX_MS)
  isKilled = true
  await tablet.kill()
  await working
}

async function enrol({ profile, shop }: Field): Promise<void> {
  const tablet = await ChromiumTablet.start(profile, shop)
  await tablet.hand.enrol(0)
  await tablet.hand.unlock(0)
  await tablet.hand.reads(/Up to date/)
  await tablet.close()
}

/** The network is back: everything must reach the server by itself. */
async function sendAll(field: Field): Promise<KeptOp[]> {
  const tablet = await ChromiumTablet.start(field.profile, field.shop)
  await enter(tablet)
  await lookAfter(field, tablet, 'the end')
  await tablet.hand.reads(/Up to date/, SYNC_MAX_MS)
  const ops = await tablet.ops()
  await tablet.close()
  return ops
}

function shopAt(url: string, code: string): Shop {
  const nobody = { stores: [], regions: [], people: [], tags: [] }
  const never = () => Promise.reject(new Error('this shop is looked into by its ledger'))
  return {
    url,
    ...nobody,
    code: () => Promise.resolve(code),
    verify: never,
    assign: never,
    grow: never,
    plantBreak: never,
    sendAway: never,
    tellYears: never,
    close: never,
  }
}

async function proveTablet(folder: string, ops: readonly KeptOp[]) {
  const ledger = await openLedger(ledgerFile(folder), nodePorts)
  const { device } = ledger.t
  const [row] = await ledger.db.select().from(device).where(eq(device.role, 'tablet'))
  const { id: device_id, at: store_id } = must(row, 'the tablet')
  const made = ops.map(({ op }) => op)
  const history = { device_id, store_id, made, acknowledged: made.length }
  const proof = await proveLedger(ledger, [history], { countsVisits: false })
  await ledger.close()
  return proof
}

/** Kills Chromium `count` times over unsent work and proves that nothing shown was lost. */
export async function runBrowserKills({ count, seed, say }: BrowserOptions): Promise<Outcome> {
  if (process.platform !== 'linux') throw new Lacking('processes are found in /proc, on Linux')
  if (findChromium() === undefined) throw new Lacking('there is no Chromium')
  if (!existsSync(BUILT)) throw new Lacking('the app is not built: npm run build')
  const start = performance.now()
  const base = mkdtempSync(join(tmpdir(), 'regulars-browser-'))
  const [folder, profile] = [join(base, 'data'), join(base, 'profile')]
  const pool = await openServerPool()
  const proxy = new CuttingProxy()
  try {
    const code = await makeShopFloor(folder, Date.now())
    const server = pool.take()
    const target = await server.open(folder)
    proxy.point(target)
    const shop = shopAt(await proxy.listen(), code)
    const random = seededRandom(`browser/${seed}`)
    const field: Field = {
      profile,
      shop,
      random,
      shown: 0,
      found: [],
      problems: [],
      onShown: () => undefined,
    }
    await enrol(field)
    proxy.point(null)
    for (let kill = 1; kill <= count; kill += 1) {
      await playRound(field, `kill ${kill}`)
      if (kill % SAY_EVERY === 0) say(`  ${kill} kills, ${field.shown} ops unsent`)
    }
    proxy.point(target)
    const ops = await sendAll(field)
    await server.close()
    const proof = await proveTablet(folder, ops)
    const lines = [
      `${count} SIGKILLs of Chromium over unsent work; ${ops.length} ops made without a network`,
      `seed ${seed}, ${secondsSince(start)}`,
    ]
    return outcomeOf('browser', lines, proof, field.problems)
  } finally {
    await proxy.close()
    await pool.close()
    rmSync(base, { recursive: true, force: true, maxRetries: 5 })
  }
}
