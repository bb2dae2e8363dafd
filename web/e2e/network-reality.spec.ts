// What stands between a tablet and headquarters: a mall's sign-in page, proxies that answer for
// the server, bodies cut short, an answer that never comes. Nothing may be called sent that is not,
// nothing may be cleared, and all of it must end by itself when the way is free.
import { type BrowserContext, expect, type Page, test } from '@playwright/test'
import { openDesk, valuesOf } from './desk-hand.ts'
import { openShop } from './shop.ts'
import { openTablet, type TabletHand, words } from './tablet-hand.ts'
import { CAPTIVE, type Fate, forApi, forPush, layWire, type Wire } from './wire.ts'

const { outbox } = words.clerk
const KNOWN = { digits: '7919', name: '王秀英' }

let shop: Wire
let desk: BrowserContext
test.beforeAll(async ({ browser }) => {
  shop = await layWire(await openShop())
  desk = await openDesk(shop, browser)
})
test.afterAll(() => shop.close())
test.beforeEach(() => {
  shop.fate = () => 'pass'
})

async function start(tablet: TabletHand): Promise<void> {
  await tablet.enrol(0)
  await tablet.unlock(0)
  await tablet.reads(/Up to date/)
}

async function visits(): Promise<number> {
  return (await valuesOf(shop, desk, shop.stores[0] ?? '')).visits ?? 0
}

/** Asks for a sync until the wire was met; what the badge says then is about this fate. */
async function tryUnder(tablet: TabletHand, fate: (path: string) => Fate): Promise<void> {
  shop.fate = fate
  const met = shop.met
  await expect(async () => {
    await tablet.tap(outbox.now)
    expect(shop.met).toBeGreaterThan(met)
  }).toPass({ timeout: 20_000 })
}

test('a mall’s sign-in page is told from headquarters, and clears nothing', async ({ browser }) => {
  const tablet = await openTablet(shop, browser)
  await start(tablet)
  shop.fate = forApi(CAPTIVE)
  await tablet.find(KNOWN.digits, KNOWN.name)
  await tablet.logVisit('buy')
  await tablet.reads(outbox.badge.attention)
  const notice = tablet.page.getByText(outbox.trouble['sign-in-page'])
  await expect(notice.first()).toBeVisible()
  await expect(tablet.page.locator('.sync-badge').first()).not.toContainText(/Up to date/)
  await tablet.page.reload()
  await expect(notice.first()).toBeVisible()
  await tablet.open('/sync')
  await expect(tablet.page.getByRole('main').getByText(outbox.upWaiting('1'))).toBeVisible()
  shop.fate = () => 'pass'
  await tablet.tap(outbox.now)
  await tablet.reads(/Up to date/)
  await expect(notice).toHaveCount(0)
  await expect(tablet.page.getByRole('main').getByText(outbox.upNone)).toBeVisible()
})

const PROXIES: [name: string, fate: (path: string) => Fate][] = [
  ['502', forApi({ status: 502, type: 'text/html', body: '<h1>Bad gateway</h1>' })],
  ['429', forPush({ status: 429, headers: { 'retry-after': '1' } })],
  ['413', forPush({ status: 413, type: 'text/html', body: 'too large' })],
  ['a body cut short', forApi('cut')],
]

test('proxies that answer for headquarters stop nothing for good', async ({ browser }) => {
  const before = await visits()
  const tablet = await openTablet(shop, browser)
  await start(tablet)
  shop.fate = forApi({ status: 502 })
  await tablet.find('5838', '李敏')
  await tablet.logVisit('pickup')
  await tablet.page.locator('a.sync-badge').click()
  for (const [name, fate] of PROXIES)
    await test.step(name, async () => {
      await tryUnder(tablet, fate)
      await expect(tablet.page.getByRole('main').getByText(outbox.upWaiting('1'))).toBeVisible()
      await expect(tablet.page.locator('.sync-badge').first()).not.toContainText(/Up to date/)
    })
  shop.fate = () => 'pass'
  await expect(async () => {
    await tablet.tap(outbox.now)
    await expect(tablet.page.getByRole('main').getByText(outbox.upNone)).toBeVisible({
      timeout: 2_000,
    })
  }).toPass({ timeout: 30_000 })
  await tablet.reads(/Up to date/)
  await expect.poll(() => visits(), { timeout: 20_000 }).toBe(before + 1)
})

test('a tab killed in mid-sync leaves its work to the other, and nothing is doubled', async ({
  browser,
}) => {
  const tablet = await openTablet(shop, browser)
  await start(tablet)
  const before = await visits()
  const first: Page = tablet.page
  const second = await tablet.context.newPage()
  await second.goto(`${shop.url}/`)
  await expect(second.locator('.sync-badge').first()).toBeVisible()
  await first.bringToFront()
  await tablet.find('0000', '张伟')
  shop.fate = forPush('swallow') // The server has it, and the tablet never hears so.
  const met = shop.met
  await tablet.logVisit('buy')
  await expect.poll(() => shop.met).toBeGreaterThan(met)
  await first.close({ runBeforeUnload: false })
  shop.fate = () => 'pass'
  tablet.page = second
  await second.bringToFront()
  await tablet.open('/')
  if (second.url().includes('unlock')) await tablet.unlock(0)
  await tablet.reads(/Up to date/)
  await expect.poll(() => visits(), { timeout: 20_000 }).toBe(before + 1)
})
