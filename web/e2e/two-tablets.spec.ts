// The product's promise, on real browsers and a real server: what clerks did with no network, over
// reloads, a change of clerk and a killed tab, is on both tablets and at headquarters once it is
// back, each thing once. It does not show a power cut; Chromium's own process stays alive here.
import { type APIRequestContext, type Browser, expect, test } from '@playwright/test'
import type { StoresReport } from '#model/report.ts'
import { PEOPLE } from './shop-chain.ts'
import { openShop, type Shop } from './shop.ts'
import { TabletHand, words } from './tablet-hand.ts'

const PHONE = '13900004321'
const NEW_NAME = '赵小敏'

async function openTablet(shop: Shop, browser: Browser): Promise<TabletHand> {
  const context = await browser.newContext({
    viewport: { width: 768, height: 1024 },
    locale: 'en-US',
    hasTouch: true,
  })
  return new TabletHand(shop, context, await context.newPage())
}

/** The chain's figures of this year as the desk's page gets them. */
async function readReport(shop: Shop, request: APIRequestContext) {
  const year = new Date().getFullYear()
  const answer = await request.get(`${shop.url}/api/desk/stores?period=${year}`)
  expect(answer.status()).toBe(200)
  return (await answer.json()) as StoresReport
}

async function valuesOf(shop: Shop, request: APIRequestContext, scope: string) {
  const { rows } = await readReport(shop, request)
  const row = rows.find((one) => one.scope === scope)
  if (!row) throw new Error(`no row of ${scope}`)
  return row.now
}

test('what two tablets did offline is everywhere once, and only once', async ({ browser }) => {
  test.setTimeout(240_000)
  const shop = await openShop()
  const [one, two] = [await openTablet(shop, browser), await openTablet(shop, browser)]
  const desk = await browser.newContext({ locale: 'en-US', viewport: { width: 1440, height: 900 } })
  const store = shop.stores[0] ?? ''
  const { email = '', password = '' } = PEOPLE[3] ?? {}
  const signIn = { data: { email, password }, headers: { origin: shop.url } }
  expect((await desk.request.post(`${shop.url}/api/auth/sign-in`, signIn)).status()).toBe(200)
  await expect.poll(async () => (await readReport(shop, desk.request)).dirty_days).toBe(0)
  const before = await valuesOf(shop, desk.request, store)

  await one.enrol(0)
  await two.enrol(0)
  await one.unlock(0)
  await two.unlock(1)
  await one.reads(/Up to date/)
  await one.goOffline()
  await two.goOffline()

  await test.step('work on both tablets without a network', async () => {
    await one.create(PHONE, NEW_NAME)
    await one.tag('Green tea')
    await one.logVisit('buy')
    await one.find('7919', '王秀英')
    await one.logVisit('pickup')
    await one.reads(words.sync.record.waiting(4))
    await two.find('7919', '王秀英')
    await two.tag('Coffee')
    await two.logVisit('browse')
  })

  await test.step('reload, change the clerk, kill the tab', async () => {
    await one.page.reload()
    await one.reads(words.sync.record.waiting(4))
    await one.lock() // The next clerk takes over; nothing unsent is touched.
    await one.unlock(1)
    await one.reads(words.sync.record.waiting(4))
    await one.find('4321', NEW_NAME)
    await one.tag('Vegetarian')
    await one.reads(words.sync.record.waiting(5))
    await one.killTab()
    await one.reads(words.sync.record.waiting(5))
    await two.killTab()
    await two.reads(words.sync.record.waiting(2))
  })

  await test.step('back online everything arrives, and the words say so', async () => {
    await one.context.setOffline(false)
    await two.context.setOffline(false)
    await one.reads(/Up to date/)
    await two.reads(/Up to date/)
    await two.page.waitForURL(/unlock/)
    await two.unlock(0)
    await two.syncNow()
    await two.find('4321', NEW_NAME)
    for (const tag of ['Green tea', 'Vegetarian'])
      await expect(two.page.getByRole('button', { name: tag, pressed: true })).toBeVisible()
    await one.page.waitForURL(/unlock/)
    await one.unlock(0)
    await one.syncNow()
    await one.find('7919', '王秀英')
    await expect(one.page.getByRole('button', { name: 'Coffee', pressed: true })).toBeVisible()
  })

  await test.step('headquarters counts each thing once', async () => {
    // The two visits of one customer lie within 30 minutes and are one; the new customer's is two.
    await expect
      .poll(async () => (await valuesOf(shop, desk.request, store)).visits, { timeout: 20_000 })
      .toBe((before.visits ?? 0) + 2)
    const after = await valuesOf(shop, desk.request, store)
    expect(after.new).toBe((before.new ?? 0) + 1)
    expect(after.visitors).toBe((before.visitors ?? 0) + 1)
    const page = await desk.newPage()
    await page.goto(`${shop.url}/desk/stores?period=${new Date().getFullYear()}`)
    const row = page.getByRole('row').filter({ hasText: '人民路店' })
    await expect(row).toContainText(String(after.visits))
    await page.goto(`${shop.url}/desk/sync`)
    await expect(page.getByRole('row').filter({ hasText: '人民路店' })).toHaveCount(2)
  })

  const verified = await shop.verify()
  expect(verified).toMatchObject({ differences: 0, postgresDifferences: 0 })
  expect(verified.postgresHash).toBe(verified.sqliteHash)
  await shop.close()
})
