import { type Browser, type BrowserContext, expect, type Page } from '@playwright/test'
import { clerk } from '../lib/i18n/en/clerk.ts'
import { common } from '../lib/i18n/en/common.ts'
import { deskSync } from '../lib/i18n/en/desk-sync.ts'
import { sync } from '../lib/i18n/en/sync.ts'
import { PEOPLE } from './shop-chain.ts'
import type { Shop } from './shop.ts'

/** The words that a clerk reads, so that a test does not repeat them. */
export const words = { clerk, common, deskSync, sync }

const OFFLINE_SHOWN_MS = 15_000
const SYNC_MS = 60_000
const TAP_MS = 2_000

/** A clerk's hand on one tablet: taps what a person would tap, reads what a person would read. */
export class TabletHand {
  readonly shop: Shop
  readonly context: BrowserContext
  page: Page

  constructor(shop: Shop, context: BrowserContext, page: Page) {
    this.shop = shop
    this.context = context
    this.page = page
  }

  async tap(name: string | RegExp): Promise<void> {
    await this.page.getByRole('button', { name, exact: typeof name === 'string' }).click()
  }

  /** Lets the tablet in and waits until it would start without a network. */
  async enrol(store: number): Promise<void> {
    await this.page.goto(`${this.shop.url}/enrol?code=${await this.shop.code(store)}`)
    await this.page.getByRole('button', { name: clerk.enrol.submit }).click()
    await this.page.waitForURL(/unlock/)
    await this.page.evaluate(async () => {
      await navigator.serviceWorker.ready
    })
  }

  /**
   * Taps the name, then the six keys of the PIN. The keys of the only name stand there at once, and
   * news that leave one name may come while a hand is on its way.
   */
  async unlock(person: number): Promise<void> {
    const { name, pin = '' } = PEOPLE[person] ?? { name: '' }
    const keys = this.page.getByRole('heading', { name: clerk.unlock.pinFor(name) })
    const button = this.page.getByRole('button', { name: new RegExp(name) })
    await expect(async () => {
      if (!(await keys.isVisible())) await button.click({ timeout: TAP_MS })
      await expect(keys).toBeVisible({ timeout: TAP_MS })
    }).toPass({ timeout: SYNC_MS })
    for (const digit of pin) await this.tap(digit)
    await this.page.waitForURL((url) => url.pathname !== '/unlock')
  }

  async lock(): Promise<void> {
    await this.page.getByRole('link', { name: clerk.nav.lock, exact: true }).click()
    await this.page.waitForURL(/unlock/)
  }

  async open(path: string): Promise<void> {
    await this.page.goto(`${this.shop.url}${path}`)
  }

  /** Closes the tab without a word and opens a new one, as a clerk in a hurry does. */
  async killTab(): Promise<void> {
    await this.page.close({ runBeforeUnload: false })
    this.page = await this.context.newPage()
    await this.open('/')
  }

  async find(digits: string, name: string): Promise<void> {
    await this.page.getByRole('link', { name: clerk.nav.serve, exact: true }).click()
    await expect(this.page.getByRole('button', { name: '1', exact: true })).toBeVisible()
    await this.tap(common.clear) // What was looked for last stands there still.
    for (const digit of digits) await this.tap(digit)
    await this.page.getByRole('link', { name: new RegExp(`${name}.*${digits}`) }).click()
    await expect(this.page.getByRole('heading', { name })).toBeVisible()
  }

  async create(phone: string, name: string): Promise<void> {
    await this.page.getByRole('link', { name: clerk.nav.create, exact: true }).click()
    await this.page.getByLabel(clerk.form.phone, { exact: true }).fill(phone)
    await this.page.getByLabel(clerk.form.name).fill(name)
    await this.tap(clerk.create.save)
    await expect(this.page.getByRole('heading', { name })).toBeVisible()
  }

  async tag(label: string): Promise<void> {
    await this.tap(label)
    await expect(this.page.getByRole('button', { name: label, pressed: true })).toBeVisible()
  }

  /** The customer that is open has these tags. */
  async shows(...labels: string[]): Promise<void> {
    for (const label of labels)
      await expect(this.page.getByRole('button', { name: label, pressed: true })).toBeVisible()
  }

  async logVisit(purpose: keyof typeof common.purposes): Promise<void> {
    await this.tap(new RegExp(`^${common.purposes[purpose]}`))
    const logged = clerk.visit.loggedAs(common.purposes[purpose])
    await expect(this.page.getByRole('group', { name: logged })).toBeVisible()
  }

  /** Waits until the mark in the bar says these words. */
  async reads(mark: string | RegExp, timeoutMs = SYNC_MS): Promise<void> {
    await expect(this.page.locator('.sync-badge').first()).toContainText(mark, {
      timeout: timeoutMs,
    })
  }

  /** Asks for what other tablets sent meanwhile, as a clerk can at any time. */
  async syncNow(): Promise<void> {
    await this.page.locator('a.sync-badge').click()
    await this.tap(clerk.outbox.now)
    await this.reads(/Up to date/)
  }

  async goOffline(): Promise<void> {
    await this.context.setOffline(true)
    await this.reads(sync.tablet.offline, OFFLINE_SHOWN_MS)
  }
}

/** A tablet in portrait that nobody has let in yet. */
export async function openTablet(shop: Shop, browser: Browser): Promise<TabletHand> {
  const viewport = { width: 768, height: 1024 }
  const context = await browser.newContext({ viewport, locale: 'en-US', hasTouch: true })
  return new TabletHand(shop, context, await context.newPage())
}
