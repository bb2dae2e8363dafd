// A tablet that is a whole Chromium with a profile of its own, and can be killed as one.
import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { chromium, type BrowserContext, type Page } from '@playwright/test'
import type { Op } from '#model/op.ts'
import { TabletHand } from '../../web/e2e/tablet-hand.ts'
import type { Shop } from '../../web/e2e/shop.ts'
import { launchOptions } from '../browser.ts'

const GONE_POLL_MS = 20
const GONE_MAX_POLLS = 500
const LOCKS = ['SingletonLock', 'SingletonSocket', 'SingletonCookie']

/** One op as the tablet's database keeps it. */
export interface KeptOp {
  n: number
  op: Op
  state: string
}

/** Ids of the living processes whose command line names the profile. */
function processesOf(profile: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((name) => {
      try {
        return readFileSync(`/proc/${name}/cmdline`, 'utf8').includes(profile)
      } catch {
        return false // It has ended since its folder was listed.
      }
    })
    .map(Number)
}

/** SIGKILL of the browser, its renderers and helpers; waits until none is left. */
async function killAll(profile: string): Promise<void> {
  for (let poll = 0; poll < GONE_MAX_POLLS; poll += 1) {
    const living = processesOf(profile)
    if (living.length === 0) return
    for (const pid of living)
      try {
        process.kill(pid, 'SIGKILL')
      } catch {
        // It ended by itself when the browser went.
      }
    await sleep(GONE_POLL_MS)
  }
  throw new Error('a browser would not die')
}

export class ChromiumTablet {
  readonly #profile: string
  readonly #context: BrowserContext
  readonly hand: TabletHand

  private constructor(profile: string, context: BrowserContext, hand: TabletHand) {
    this.#profile = profile
    this.#context = context
    this.hand = hand
  }

  /** Starts the browser on its profile, which a kill may have left in any state. */
  static async start(profile: string, shop: Shop): Promise<ChromiumTablet> {
    for (const lock of LOCKS) rmSync(join(profile, lock), { force: true })
    const context = await chromium.launchPersistentContext(profile, {
      ...launchOptions(),
      viewport: { width: 768, height: 1024 },
      locale: 'en-US',
      hasTouch: true,
    })
    const page = context.pages()[0] ?? (await context.newPage())
    return new ChromiumTablet(profile, context, new TabletHand(shop, context, page))
  }

  async kill(): Promise<void> {
    await killAll(this.#profile)
    // Playwright learns of it by the closed pipe; a second close has nothing left to do.
    await this.#context.close().catch(() => undefined)
  }

  close(): Promise<void> {
    return this.#context.close()
  }

  /** Every op in the app's database, in the order of their numbers. */
  ops(): Promise<KeptOp[]> {
    return readOps(this.hand.page)
  }
}

function readOps(page: Page): Promise<KeptOp[]> {
  return page.evaluate(
    () =>
      new Promise<KeptOp[]>((resolve, reject) => {
        const opening = indexedDB.open('regulars')
        opening.onerror = () => reject(opening.error ?? new Error('the database does not open'))
        opening.onsuccess = () => {
          const database = opening.result
          const reading = database.transaction('op').objectStore('op').getAll()
          reading.onerror = () => reject(reading.error ?? new Error('the ops cannot be read'))
          reading.onsuccess = () => {
            database.close()
            resolve(reading.result as KeptOp[])
          }
        }
      }),
  )
}
