// Whose customer somebody is, in a real browser: what is proposed is answered, one and several at a
// time, each manager sees their own region, and what was answered shows in the statement. Which
// customers are proposed, and whether figures follow, is proved beside the ledger, not here.
import { type BrowserContext, expect, type Page, test } from '@playwright/test'
import { dayText } from '#model/calendar.ts'
import type { DeskSession } from '#model/report.ts'
import { common } from '#web/i18n/en/common.ts'
import { customer as acts } from '#web/i18n/en/desk-customer.ts'
import { homes as words } from '#web/i18n/en/desk-homes.ts'
import { homes as zhWords } from '#web/i18n/zh/desk-homes.ts'
import { inTheme } from './accessible.ts'
import { openChinese, openDesk, readReport } from './desk-hand.ts'
import { openShop, type Shop } from './shop.ts'

// What one test answered, the next one is not asked again.
test.describe.configure({ mode: 'serial' })

const REGIONAL = 4
const NEAR = ['何静', '吕蒙', '马良']
const FAR = '孟达'
const HOME = '人民路店'

let shop: Shop
let desk: BrowserContext
let regional: BrowserContext
let station: string
let period: string
test.beforeAll(async ({ browser }) => {
  shop = await openShop()
  station = await shop.sendAway()
  desk = await openDesk(shop, browser)
  regional = await openDesk(shop, browser, REGIONAL)
  await readReport(shop, desk)
  const answer = await desk.request.get(`${shop.url}/api/desk/me`)
  const { today } = (await answer.json()) as DeskSession
  period = `90d@${dayText(today)}`
})
test.afterAll(() => shop.close())

async function open(path: string, from = desk): Promise<Page> {
  const page = await from.newPage()
  await page.goto(`${shop.url}${path}`)
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  return page
}

const proposals = (page: Page) =>
  page.getByRole('region', { name: words.title }).locator('tbody tr')
const choose = (page: Page, name: string) => page.getByLabel(words.choose(name)).check()

/** What was done is said, to the eye and to the ear. */
async function said(page: Page, text: string): Promise<void> {
  await expect(page.getByText(text)).toHaveCount(2)
}

async function openMoved(line: 'transfer_in' | 'transfer_out', scope: string): Promise<Page> {
  await readReport(shop, desk)
  return open(`/desk/statement/movements?period=${period}&scope=${scope}&line=${line}`)
}

test('headquarters sees every proposal, a regional manager those of the region', async ({
  browser,
}) => {
  const page = await open('/desk/homes')
  await expect(proposals(page)).toHaveCount(4)
  await expect(proposals(page).filter({ hasText: FAR })).toContainText('湖滨店')
  await inTheme(page, 'light', 'homes')
  const chinese = await open('/desk/homes', await openChinese(browser, desk))
  await expect(chinese.getByText(zhWords.text)).toBeVisible()
  await inTheme(chinese, 'dark', 'homes in Chinese')
  const own = await open('/desk/homes', regional)
  await expect(proposals(own)).toHaveCount(NEAR.length)
  await expect(own.getByText(FAR)).toHaveCount(0)
})

test('one customer is moved, and the statement of the new home says where from', async () => {
  const page = await open('/desk/homes', regional)
  await choose(page, '何静')
  await page.getByRole('button', { name: words.move }).click()
  await said(page, words.moved('1'))
  await expect(proposals(page)).toHaveCount(NEAR.length - 1)
  const moved = await openMoved('transfer_in', station)
  const line = moved.locator('tbody tr').filter({ hasText: '何静' })
  await expect(line).toContainText(HOME)
  await expect(moved.locator('tbody tr')).toHaveCount(1)
})

test(
  'several are answered at once, and whoever stays is not asked about again',
  { tag: '@long' },
  async () => {
    const page = await open('/desk/homes')
    await choose(page, FAR)
    await page.getByRole('button', { name: words.keep }).click()
    await said(page, words.kept('1'))
    await page.getByLabel(words.chooseAll).check()
    await page.getByRole('button', { name: words.move }).click()
    await said(page, words.moved('2'))
    await expect(page.getByText(words.none, { exact: true })).toBeVisible()
    const moved = await openMoved('transfer_out', shop.stores[0] ?? '')
    await expect(moved.locator('tbody tr')).toHaveCount(NEAR.length)
  },
)

test('a customer of a list is moved to another store by a manager', { tag: '@long' }, async () => {
  const page = await open(`/desk/stores/${station}/customers`, regional)
  await page.getByRole('link', { name: /^Customers of “/ }).click() // All came alike.
  const act = page.getByRole('button', { name: acts.act('吕蒙') })
  await act.click()
  const sheet = page.getByRole('dialog', { name: '吕蒙' })
  await expect(sheet.getByText(acts.erase.title)).toHaveCount(0)
  await sheet.getByRole('button', { name: acts.move.confirm }).click()
  await expect(sheet.getByText(acts.move.missing)).toBeVisible()
  await sheet.getByLabel(acts.move.to).selectOption({ label: HOME })
  await inTheme(page, 'light', 'a customer to move')
  await sheet.getByRole('button', { name: acts.move.confirm }).click()
  await said(page, acts.move.done('吕蒙', HOME))
  await expect(act).toHaveCount(0)
})

test(
  'headquarters erases a customer who asks for it, after reading what happens',
  { tag: '@long' },
  async () => {
    const page = await open(
      `/desk/statement/movements?period=${period}&scope=${shop.stores[0] ?? ''}&line=new`,
    )
    await page.getByRole('button', { name: acts.act(FAR) }).click()
    await page.getByRole('button', { name: acts.erase.act }).click()
    const dialog = page.getByRole('dialog', { name: acts.erase.ask(FAR) })
    for (const point of Object.values(acts.erase.points))
      await expect(dialog.getByText(point)).toBeVisible()
    await inTheme(page, 'dark', 'erasing')
    await dialog.getByRole('button', { name: common.cancel }).click()
    await expect(page.getByText(FAR).first()).toBeVisible()
    await page.getByRole('button', { name: acts.erase.act }).click()
    await dialog.getByRole('button', { name: acts.erase.confirm }).click()
    await said(page, acts.erase.done)
    await expect(page.getByRole('button', { name: acts.act(FAR) })).toHaveCount(0)
    await expect(page.getByText(FAR)).toHaveCount(0)
    const found = await open(`/desk/statement/movements?period=${period}&line=erased`)
    await expect(found.locator('tbody tr')).toHaveCount(1)
  },
)
