// Customers of a scope and the definitions of figures in a real browser: from the chain to a store
// to the people of a group, a link that shows another browser the same view, what a figure means,
// and the rules of accessibility that a machine can check. Whether figures are right is tested
// where they are counted; whether the pages are clear this does not show.
import { type BrowserContext, expect, type Page, test } from '@playwright/test'
import { rhythm as zhWords } from '../lib/i18n/zh/desk-rhythm.ts'
import { charts } from '../lib/i18n/en/charts.ts'
import { common } from '../lib/i18n/en/common.ts'
import { rhythm as say } from '../lib/i18n/en/desk-rhythm.ts'
import { deskDefinitions as definitions } from '../lib/i18n/en/desk-definitions.ts'
import { inBothThemes } from './accessible.ts'
import { openDesk, readReport } from './desk-hand.ts'
import { openShop, type Shop } from './shop.ts'

const REGIONAL = 4
const STORE = '人民路店'
const CUSTOMERS = 40

let shop: Shop
let desk: BrowserContext
test.beforeAll(async ({ browser }) => {
  shop = await openShop()
  desk = await openDesk(shop, browser)
  await readReport(shop, desk)
})
test.afterAll(() => shop.close())

async function open(path: string, context = desk): Promise<Page> {
  const page = await context.newPage()
  await page.goto(`${shop.url}${path}`)
  return page
}

/** The groups of RFM that the page shows, as name and number of customers. */
async function groupsOf(page: Page): Promise<[string, number][]> {
  const rows = page.getByRole('region', { name: say.groups.title }).locator('tbody tr')
  return Promise.all(
    (await rows.all()).map(async (row): Promise<[string, number]> => {
      const [name = ''] = (await row.locator('th').innerText()).split('\n')
      return [name, Number(await row.locator('td').nth(1).innerText())]
    }),
  )
}

test('a group of a store leads to its customers, in two clicks from the chain', async () => {
  const page = await open('/desk/stores/chain/customers')
  await page.getByRole('link', { name: STORE }).click()
  await expect(page.getByRole('heading', { name: say.title(STORE) })).toBeVisible()
  const groups = await groupsOf(page)
  expect(groups.reduce((sum, [, customers]) => sum + customers, 0)).toBe(CUSTOMERS)
  const [name, customers] = groups.find(([, count]) => count > 0) ?? ['', 0]
  await page.getByRole('link', { name: say.groups.listOf(name) }).click()
  await expect(page.getByRole('heading', { name: say.list.title(name) })).toBeVisible()
  const list = page.getByRole('region', { name: say.list.title(name) })
  await expect(list.locator('tbody tr')).toHaveCount(customers)
  await page.getByRole('button', { name: say.list.close }).click()
  await expect(list).toHaveCount(0)
})

test('an address shows the same view in another browser', async ({ browser }) => {
  const page = await open('/desk/stores/chain/customers')
  await page.getByRole('radio', { name: say.cohorts.sides.acquired }).check()
  await expect(page).toHaveURL(/side=acquired/)
  const table = say.gaps.title
  await page.getByRole('figure', { name: table }).getByRole('radio', { name: charts.table }).check()
  await expect(page).toHaveURL(/table=gaps/)
  const other = await open('/desk', await openDesk(shop, browser))
  await other.goto(page.url())
  for (const one of [page, other])
    await expect(one.getByRole('region', { name: table }).locator('tbody tr')).toHaveCount(7)
  expect(await other.getByRole('main').innerText()).toBe(await page.getByRole('main').innerText())
})

test('a note about a figure leads to its full definition', async () => {
  const page = await open(`/desk/stores/${shop.stores[0] ?? ''}/customers`)
  const { name, formula } = definitions.texts.repeat_interval
  await page.getByRole('button', { name: common.definition(name), exact: true }).click()
  await page.getByRole('link', { name: definitions.more }).and(page.locator(':visible')).click()
  await expect(page).toHaveURL(/\/desk\/definitions#repeat_interval$/)
  await expect(page.getByRole('article', { name, exact: true })).toContainText(formula)
  await expect(page.getByRole('article', { name, exact: true })).toBeInViewport()
  await page.getByRole('searchbox', { name: definitions.find }).fill('kaplan')
  await expect(page.getByRole('article')).toHaveCount(1)
  await expect(page).toHaveURL(/q=kaplan/)
})

test('a region sees its own customers only', async ({ browser }) => {
  const region = await openDesk(shop, browser, REGIONAL)
  const page = await open(`/desk/stores/${shop.stores[0] ?? ''}/customers`, region)
  await expect(page.getByRole('heading', { name: say.title(STORE) })).toBeVisible()
  for (const scope of ['chain', shop.stores[1] ?? '']) {
    for (const path of [`rhythm/${scope}`, `cohorts/${scope}?side=homed`]) {
      const answer = await region.request.get(`${shop.url}/api/desk/${path}`)
      expect(answer.status()).toBe(404)
    }
  }
})

test(
  'the pages break no rule of accessibility, in either language',
  { tag: '@long' },
  async ({ browser }) => {
    const store = `/desk/stores/${shop.stores[0] ?? ''}/customers`
    for (const path of ['/desk/stores/chain/customers', store, '/desk/definitions']) {
      const page = await open(path)
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
      await expect(page.getByRole('heading', { level: 2 }).first()).toBeVisible()
      await inBothThemes(page, path)
    }
    const chinese = await browser.newContext({
      locale: 'zh-CN',
      storageState: await desk.storageState(),
    })
    const page = await open(store, chinese)
    await expect(page.getByRole('heading', { name: zhWords.title(STORE) })).toBeVisible()
    await inBothThemes(page, 'customers in Chinese')
  },
)
