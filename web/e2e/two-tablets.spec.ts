// The product's promise, on real browsers and a real server: what clerks did with no network, over
// reloads, a change of clerk and a killed tab, is on both tablets and at headquarters once it is
// back, each thing once; alike where the browser knows Background Sync and where it does not. It
// does not show a power cut; Chromium's own process stays alive here.
import { type BrowserContext, expect, test } from '@playwright/test'
import type { MetricValues } from '#model/metrics.ts'
import {
  listenersOf,
  noteBackgroundSync,
  noteListeners,
  takeBackgroundSync,
} from './background-sync.ts'
import { openDesk, valuesOf } from './desk-hand.ts'
import { openShop, type Shop } from './shop.ts'
import { openTablet, type TabletHand, words } from './tablet-hand.ts'
import { layWire } from './wire.ts'

const PHONE = '13900004321'
const NEW_NAME = '赵小敏'
const KNOWN = { digits: '7919', name: '王秀英' }
const { waiting } = words.sync.record

async function workOffline(one: TabletHand, two: TabletHand): Promise<void> {
  await one.create(PHONE, NEW_NAME)
  await one.tag('Green tea')
  await one.logVisit('buy')
  await one.find(KNOWN.digits, KNOWN.name)
  await one.logVisit('pickup')
  await one.reads(waiting(4))
  await two.find(KNOWN.digits, KNOWN.name)
  await two.tag('Coffee')
  await two.logVisit('browse')
}

async function shakeTablets(one: TabletHand, two: TabletHand): Promise<void> {
  await one.page.reload()
  await one.reads(waiting(4))
  await one.lock() // The next clerk takes over; nothing unsent is touched.
  await one.unlock(1)
  await one.reads(waiting(4))
  await one.find('4321', NEW_NAME)
  await one.tag('Vegetarian')
  await one.reads(waiting(5))
  await one.killTab()
  await one.reads(waiting(5))
  await two.killTab()
  await two.reads(waiting(2))
}

async function agree(one: TabletHand, two: TabletHand): Promise<void> {
  await one.context.setOffline(false)
  await two.context.setOffline(false)
  await one.reads(/Up to date/)
  await two.reads(/Up to date/)
  await two.page.waitForURL(/unlock/)
  await two.unlock(0)
  await two.syncNow()
  await two.find('4321', NEW_NAME)
  await two.shows('Green tea', 'Vegetarian')
  await one.page.waitForURL(/unlock/)
  await one.unlock(0)
  await one.syncNow()
  await one.find(KNOWN.digits, KNOWN.name)
  await one.shows('Coffee')
}

/** The two visits of one customer lie within 30 minutes and are one; the new customer's is two. */
async function countAtDesk(shop: Shop, desk: BrowserContext, before: MetricValues): Promise<void> {
  const store = shop.stores[0] ?? ''
  await expect
    .poll(async () => (await valuesOf(shop, desk, store)).visits, { timeout: 20_000 })
    .toBe((before.visits ?? 0) + 2)
  const after = await valuesOf(shop, desk, store)
  expect(after.new).toBe((before.new ?? 0) + 1)
  expect(after.visitors).toBe((before.visitors ?? 0) + 1)
  const page = await desk.newPage()
  await page.goto(`${shop.url}/desk/stores?period=${new Date().getFullYear()}`)
  const row = page.getByRole('row').filter({ hasText: '人民路店' })
  await expect(row).toContainText(String(after.visits))
  await page.goto(`${shop.url}/desk/sync`)
  await expect(page.getByRole('row').filter({ hasText: '人民路店' })).toHaveCount(2)
}

test('what two tablets did offline is everywhere once, and only once', async ({ browser }) => {
  test.setTimeout(240_000)
  const shop = await layWire(await openShop())
  noteListeners(shop)
  const [one, two] = [await openTablet(shop, browser), await openTablet(shop, browser)]
  await takeBackgroundSync(one)
  const asked = await noteBackgroundSync(two)
  const desk = await openDesk(shop, browser)
  const before = await valuesOf(shop, desk, shop.stores[0] ?? '')
  await one.enrol(0)
  await two.enrol(0)
  await one.unlock(0)
  await two.unlock(1)
  await one.reads(/Up to date/)
  await one.goOffline()
  await two.goOffline()
  await test.step('both tablets work without a network', () => workOffline(one, two))
  await test.step('reload, change the clerk, kill the tabs', () => shakeTablets(one, two))
  await test.step('back online, both agree', () => agree(one, two))
  await test.step('headquarters counts each once', () => countAtDesk(shop, desk, before))
  expect(asked).toEqual([])
  for (const tablet of [one, two]) {
    const listened = await listenersOf(tablet)
    expect(listened).toContain('fetch')
    expect(listened.filter((name) => /sync|register/.test(name))).toEqual([])
  }
  const verified = await shop.verify()
  expect(verified).toMatchObject({ differences: 0, postgresDifferences: 0 })
  expect(verified.postgresHash).toBe(verified.sqliteHash)
  await shop.close()
})
