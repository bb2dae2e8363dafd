// Comparing stores in a real browser: two are ticked and put side by side, the address shows a
// colleague the same, every chart has its table and its file, and the keys reach every mark.
import { readFile } from 'node:fs/promises'
import { type BrowserContext, expect, type Page, test } from '@playwright/test'
import { common } from '#web/i18n/en/common.ts'
import { charts } from '#web/i18n/en/charts.ts'
import { compare } from '#web/i18n/en/desk-compare.ts'
import { metrics } from '#web/i18n/en/metrics.ts'
import { inBothThemes } from './accessible.ts'
import { openDesk, readReport } from './desk-hand.ts'
import { openShop, type Shop } from './shop.ts'

const STORES = ['人民路店', '湖滨店'] as const
const REGIONAL = 4

let shop: Shop
let desk: BrowserContext
/** The month that holds most of the chain's visits. */
let month: string
test.beforeAll(async ({ browser }) => {
  shop = await openShop()
  desk = await openDesk(shop, browser)
  await readReport(shop, desk) // Until every roll-up is done.
  const then = new Date(Date.now() - 10 * 86_400_000)
  month = then.toISOString().slice(0, 7)
})
test.afterAll(() => shop.close())

async function openDeskPage(path: string, context = desk): Promise<Page> {
  const page = await context.newPage()
  await page.goto(`${shop.url}${path}`)
  return page
}

/** What a page shows, without what depends on the minute in which it is read. */
async function shownBy(page: Page): Promise<string> {
  const text = await page.getByRole('main').innerText()
  return text.replaceAll(/\d{1,2}:\d{2}/g, '')
}

test('two stores are ticked, compared, and a colleague sees the same by the address', async ({
  browser,
}) => {
  const page = await openDeskPage(`/desk/stores?period=${month}`)
  await inBothThemes(page, 'stores')
  for (const name of STORES) await page.getByLabel(compare.pick.tick(name)).check()
  await expect(page).toHaveURL(/s=.*&s=/)
  await page.getByRole('link', { name: compare.pick.go(2) }).click()
  await expect(page.getByRole('heading', { level: 1, name: compare.page.title })).toBeVisible()
  await page.getByLabel(compare.page.metric, { exact: true }).selectOption(metrics.names.active)
  await expect(page.getByRole('heading', { name: /Active · ranks/ })).toBeVisible()
  for (const name of STORES) await expect(page.getByLabel(compare.page.remove(name))).toBeVisible()
  await inBothThemes(page, 'compare')

  const other = await openDesk(shop, browser)
  const same = await openDeskPage(page.url().slice(shop.url.length), other)
  await expect(same.getByRole('heading', { name: /Active · ranks/ })).toBeVisible()
  expect(await shownBy(same)).toBe(await shownBy(page))
  await other.close()
})

test(
  'each chart has a table and a file of the same figures, and its marks a key',
  { tag: '@long' },
  async () => {
    const stores = shop.stores.map((id) => `s=${id}`).join('&')
    const page = await openDeskPage(`/desk/stores/compare?period=${month}&m=visits&${stores}`)
    const figure = page.getByRole('figure', { name: /Visits · over time/ })
    const marks = figure.locator('[data-mark]')
    await marks.first().focus()
    await page.keyboard.press('ArrowRight')
    await expect(marks.nth(1)).toBeFocused()
    await page.keyboard.press('End')
    const named = await marks.nth(12).getAttribute('aria-label')
    await expect(marks.nth(12)).toBeFocused()
    expect(named).toMatch(new RegExp(`^(${STORES.join('|')}) · .* · \\d+`))

    const [file] = await Promise.all([
      page.waitForEvent('download'),
      figure.getByRole('button', { name: new RegExp(charts.download) }).click(),
    ])
    const text = await readFile(await file.path(), 'utf8')
    const lines = text.trim().split('\r\n')
    expect(lines).toHaveLength(3)
    expect(lines[1]?.split(',')).toHaveLength(14)
    await figure.getByRole('radio', { name: charts.table }).check()
    await expect(page).toHaveURL(/view=table/)
    const cells = figure.getByRole('row').nth(1).getByRole('cell')
    await expect(cells).toHaveCount(13)
    expect(lines[1]?.split(',').at(-1)).toBe((await cells.last().innerText()).replaceAll(',', ''))
  },
)

test('a funnel shows the stores of the reader, and a point leads to its store', async ({
  browser,
}) => {
  const page = await openDeskPage(`/desk/stores/funnel?period=${month}&rate=tag_coverage`)
  await expect(page.locator('[data-mark]')).toHaveCount(2)
  await expect(page.getByText(common.freshness.none)).toBeVisible()
  await inBothThemes(page, 'funnel')
  const regional = await openDesk(shop, browser, REGIONAL)
  const narrow = await openDeskPage(
    `/desk/stores/funnel?period=${month}&rate=tag_coverage`,
    regional,
  )
  await expect(narrow.locator('[data-mark]')).toHaveCount(1)
  await narrow.locator('[data-mark]').press('Enter')
  await expect(narrow.getByRole('heading', { level: 1, name: STORES[0] })).toBeVisible()
  await expect(narrow.getByRole('heading', { name: compare.store.changes })).toBeVisible()
  await inBothThemes(narrow, 'store')
  await narrow.getByRole('link', { name: compare.store.statementLink }).click()
  await expect(narrow).toHaveURL(/\/desk\/statement\?.*scope=/)
  await regional.close()
})

test('with fewer than two stores there is a way to tick them, and no data is never zero', async () => {
  const page = await openDeskPage('/desk/stores/compare')
  await page.getByRole('link', { name: compare.page.choose }).click()
  await expect(page.getByText(compare.pick.hint)).toBeVisible()
  await page.goto(`${shop.url}/desk/stores/${shop.stores[0] ?? ''}?period=2020-01`)
  await expect(page.getByText(compare.store.tooNew)).toBeVisible()
  const figures = page.locator('dl').filter({ hasText: metrics.names.visits }).first()
  await expect(figures.getByText('No data').first()).toBeAttached()
  await expect(figures).not.toContainText(/(^|\s)0(\s|$)/)
})
