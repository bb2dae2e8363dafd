// Every main screen, in both languages and both themes, against the accessibility rules a machine
// can check; and the touches that serving a known customer takes. What a machine cannot judge
// (whether a screen is clear, whether words are right) this does not show.
import { expect, test } from '@playwright/test'
import { desk as deskWords } from '#web/i18n/en/desk.ts'
import { inBothThemes, inTheme } from './accessible.ts'
import { openDesk } from './desk-hand.ts'
import { openShop, type Shop } from './shop.ts'
import { openTablet, words } from './tablet-hand.ts'

const REGIONAL = 4

let shop: Shop
test.beforeAll(async () => {
  shop = await openShop()
})
test.afterAll(() => shop.close())

test('the clerk’s screens break no rule of accessibility', async ({ browser }) => {
  const tablet = await openTablet(shop, browser)
  await tablet.open('/enrol')
  await expect(tablet.page.getByRole('button', { name: words.clerk.enrol.submit })).toBeVisible()
  await inBothThemes(tablet.page, 'enrol')
  await tablet.enrol(0)
  await inBothThemes(tablet.page, 'unlock')
  await tablet.unlock(0)
  await inBothThemes(tablet.page, 'serve')
  await tablet.find('7919', '王秀英')
  await inBothThemes(tablet.page, 'customer')
  await tablet.page.getByRole('link', { name: words.clerk.nav.create, exact: true }).click()
  await expect(tablet.page.getByLabel(words.clerk.form.name)).toBeVisible()
  await inBothThemes(tablet.page, 'new customer')
  await tablet.page.locator('a.sync-badge').click()
  await expect(tablet.page.getByRole('button', { name: words.clerk.outbox.now })).toBeVisible()
  await inBothThemes(tablet.page, 'sync')
})

test('a known customer is served in six touches', async ({ browser }) => {
  const tablet = await openTablet(shop, browser)
  await tablet.enrol(0)
  await tablet.unlock(0)
  const start = Date.now()
  for (const digit of '7919') await tablet.tap(digit)
  await tablet.page.getByRole('link', { name: /王秀英/ }).click()
  await tablet.logVisit('buy')
  expect(Date.now() - start).toBeLessThan(8_000)
})

test('the desk’s screens break no rule, and a region sees itself only', async ({ browser }) => {
  const headquarters = await openDesk(shop, browser)
  const page = await headquarters.newPage()
  for (const path of ['/desk/stores', '/desk/sync', '/desk/sites']) {
    await page.goto(`${shop.url}${path}`)
    await expect(page.getByText('人民路店').first()).toBeVisible()
    await inBothThemes(page, path)
  }
  const regional = await openDesk(shop, browser, REGIONAL)
  const narrow = await regional.newPage()
  await narrow.goto(`${shop.url}/desk/stores`)
  await expect(narrow.getByText('人民路店').first()).toBeVisible()
  await expect(narrow.getByText('湖滨店')).toHaveCount(0)
  const other = `${shop.url}/api/desk/stores/${shop.stores[1] ?? ''}/history?grain=month`
  const range = '&from=2026-01-01&to=2026-10-31'
  expect((await regional.request.get(`${other}${range}`)).status()).toBe(404)
})

test('on a phone the menu opens by groups, with the keys as well, and closes behind one', async ({
  browser,
}) => {
  const page = await (await openDesk(shop, browser)).newPage()
  await page.setViewportSize({ width: 360, height: 740 })
  await page.goto(`${shop.url}/desk/sync`)
  const menu = page.getByRole('navigation', { name: words.common.mainMenu })
  const stores = menu.getByRole('link', { name: deskWords.nav.stores })
  await expect(menu.getByRole('link', { name: deskWords.nav.sync })).toBeVisible()
  await expect(stores).toBeHidden()
  await menu.getByRole('button', { name: deskWords.nav.figures }).press('Enter')
  await expect(stores).toBeVisible()
  await inTheme(page, 'light', 'the menu on a phone')
  await page.keyboard.press('Tab')
  await expect(stores).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/\/desk\/stores/)
  await expect(stores).toBeHidden()
  // Where there is room for all of them, no page hides in a group.
  await page.setViewportSize({ width: 1440, height: 900 })
  await expect(stores).toBeVisible()
  await expect(menu.getByRole('button')).toHaveCount(0)
})
