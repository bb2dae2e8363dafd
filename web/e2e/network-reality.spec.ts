// What stands between a tablet and headquarters: a mall's sign-in page, proxies that answer for
// the server, bodies cut short, an answer that never comes. Nothing may be called sent that is not,
// nothing may be cleared, and all of it must end by itself when the way is free.
import { type BrowserContext, expect, type Page, test } from '@playwright/test'
import { zh } from '#web/i18n/zh.ts'
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

/** Taps until a sync that began behind the last change of the wire has gone through. */
async function heals(tablet: TabletHand): Promise<void> {
  shop.fate = () => 'pass'
  await expect(async () => {
    await tablet.tap(outbox.now)
    await tablet.reads(/Up to date/, 2_000)
  }).toPass({ timeout: 30_000 })
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

interface Proxy {
  name: string
  fate: (path: string) => Fate
  /** What is said of it on the clerk's sync page, and in the bar of every page. */
  says: 'server' | 'offline'
  marks: string
  customer: { digits: string; name: string }
}

const notSent = words.sync.record.waiting(1)
const PROXIES: Proxy[] = [
  {
    name: '502',
    fate: forApi({ status: 502, type: 'text/html', body: '<h1>Bad gateway</h1>' }),
    says: 'server',
    marks: notSent,
    customer: { digits: '5838', name: '李敏' },
  },
  {
    name: '429',
    fate: forPush({ status: 429, headers: { 'retry-after': '1' } }),
    says: 'server',
    marks: notSent,
    customer: { digits: '3757', name: '单雄信' },
  },
  {
    name: '413',
    fate: forPush({ status: 413, type: 'text/html', body: 'too large' }),
    says: 'server',
    marks: notSent,
    customer: { digits: '1676', name: '曾国藩' },
  },
  {
    name: 'a body cut short',
    fate: forApi('cut'),
    says: 'offline',
    marks: outbox.badge.offlineWaiting('1'),
    customer: { digits: '9595', name: '刘洋' },
  },
]

/** A visit under this fate, the words of it on the sync page, and their end. */
async function workBehind(tablet: TabletHand, proxy: Proxy): Promise<void> {
  const main = tablet.page.getByRole('main')
  const trouble = main.getByText(outbox.trouble[proxy.says])
  await tablet.find(proxy.customer.digits, proxy.customer.name)
  shop.fate = proxy.fate
  await tablet.logVisit('pickup')
  await tablet.page.locator('a.sync-badge').click()
  await expect(trouble).toBeVisible()
  await expect(main.getByText(outbox.upWaiting('1'))).toBeVisible()
  await tablet.reads(proxy.marks)
  if (proxy.says === 'offline') await readsChinese(tablet)
  await heals(tablet)
  await expect(trouble).toHaveCount(0)
  await expect(main.getByText(outbox.upNone)).toBeVisible()
}

/** The same trouble as a clerk reads it whose tablet speaks Chinese. */
async function readsChinese(tablet: TabletHand): Promise<void> {
  const main = tablet.page.getByRole('main')
  const { languages } = words.common
  await main.getByRole('radio', { name: languages.zh }).check()
  await expect(main.getByText(zh.clerk.outbox.trouble.offline)).toBeVisible()
  await tablet.reads(zh.clerk.outbox.badge.offlineWaiting('1'))
  await main.getByRole('radio', { name: languages.en }).check()
}

test('proxies that answer for headquarters are told in words, and stop nothing for good', async ({
  browser,
}) => {
  const before = await visits()
  const tablet = await openTablet(shop, browser)
  await start(tablet)
  for (const proxy of PROXIES) await test.step(proxy.name, () => workBehind(tablet, proxy))
  await test.step('with nothing to send', async () => {
    shop.fate = forApi({ status: 502 })
    await tablet.tap(outbox.now)
    await tablet.reads(words.sync.tablet.retrying)
    await expect(tablet.page.getByText(outbox.trouble.server)).toBeVisible()
    await heals(tablet)
  })
  await expect.poll(() => visits(), { timeout: 20_000 }).toBe(before + PROXIES.length)
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
