// Every cell of the customer asset statement, on both its sides, leads to the people it counts by
// at most four clicks: the page of the chain and of a store, this period and the one before, and
// the table of parts. Whether the sums are right is proved beside the ledger.
import { type BrowserContext, expect, type Locator, type Page, test } from '@playwright/test'
import { dayText } from '#model/calendar.ts'
import type { DeskSession, StatementReport } from '#model/report.ts'
import { common } from '#web/i18n/en/common.ts'
import { desk as deskWords } from '#web/i18n/en/desk.ts'
import { deskStatement as words } from '#web/i18n/en/desk-statement.ts'
import { inBothThemes } from './accessible.ts'
import { openChinese, openDesk, readReport } from './desk-hand.ts'
import { openShop, type Shop } from './shop.ts'

const CLICKS_MAX = 4
const STORES = ['人民路店', '湖滨店']
const SIDES = ['customers', 'value'] as const

let shop: Shop
let desk: BrowserContext
let period: string
test.beforeAll(async ({ browser }) => {
  shop = await openShop()
  await shop.tellYears()
  desk = await openDesk(shop, browser)
  await readReport(shop, desk)
  const answer = await desk.request.get(`${shop.url}/api/desk/me`)
  const { today } = (await answer.json()) as DeskSession
  period = `90d@${dayText(today)}`
})
test.afterAll(() => shop.close())

const CELLS = '.book tbody td:not(.sign, .balance), .parts td.end'

/** Where figures lead, with what a reader hears of each; one that leads nowhere is dead. */
async function cellsOf(page: Page) {
  await expect(page.locator('.book')).toBeVisible()
  const links = new Map<string, string>()
  const dead: string[] = []
  for (const cell of await page.locator(CELLS).all()) {
    const text = (await cell.innerText()).trim()
    if (/^[0.]*$/.test(text) || text === deskWords.stores.noData) continue
    const link = cell.getByRole('link')
    if ((await link.count()) === 0) dead.push(text)
    else
      links.set(
        (await link.getAttribute('href')) ?? '',
        (await link.getAttribute('aria-label')) ?? '',
      )
  }
  return { links, dead }
}

function isList(page: Page): boolean {
  return /\/statement\/(movements|customers)/.test(page.url())
}

/** The next figure on the way to people: of a store in the table of parts, in the same line. */
async function nextOf(page: Page, line: string): Promise<Locator> {
  for (const store of STORES) {
    const link = page
      .locator('.parts')
      .getByRole('link', { name: `${store} · ${line} ` })
      .first()
    if ((await link.count()) > 0) return link
  }
  throw new Error(`${line} leads no further at ${page.url()}`)
}

/** One click, and the page that it leads to. */
async function press(page: Page, link: Locator): Promise<void> {
  const href = (await link.getAttribute('href')) ?? ''
  await link.click()
  await expect(page).toHaveURL(new URL(href, page.url()).href)
}

/** Clicks until people are listed. How many it took. */
async function walk(page: Page, first: Locator, line: string): Promise<number> {
  await press(page, first)
  let clicks = 1
  for (; clicks <= CLICKS_MAX && !isList(page); clicks += 1) {
    await expect(page.locator('.parts')).toBeVisible()
    await press(page, await nextOf(page, line))
  }
  await expect(page.locator('.list tbody tr').first()).toBeVisible()
  await expect(page.getByText(/\d in all.*, as the statement says\./)).toBeVisible()
  return clicks
}

/** Follows every figure of a statement that leads anywhere else than the ones before. */
async function follow(page: Page, path: string, known: Set<string>): Promise<string[]> {
  await page.goto(path)
  const { links, dead } = await cellsOf(page)
  expect(dead).toEqual([])
  const lines: string[] = []
  for (const [href, label] of links) {
    const line = / · (.+?) [^ ]+: /.exec(label)?.[1] ?? ''
    lines.push(line)
    // What opens `#parts` depends on the line that is looked for there.
    const key = href.endsWith('#parts') ? `${href} ${line}` : href
    if (known.has(key)) continue
    known.add(key)
    if (page.url() !== path) await page.goto(path)
    const link = page.locator(
      `${CELLS.split(', ')
        .map((one) => `${one} a[href="${href}"]`)
        .join(', ')}`,
    )
    expect(await walk(page, link.first(), line), label).toBeLessThanOrEqual(CLICKS_MAX)
  }
  return lines
}

for (const side of SIDES)
  test(
    `every figure in ${side} leads to people, from the chain and from a store`,
    { tag: '@long' },
    async () => {
      test.setTimeout(300_000)
      const page = await desk.newPage()
      const known = new Set<string>()
      const path = `${shop.url}/desk/statement?period=${period}&side=${side}`
      const lines = await follow(page, path, known)
      await follow(page, `${path}&scope=${shop.stores[0] ?? ''}`, known)
      const { opening, closing, lost, reactivated, merged, erased, expanded, contracted } =
        words.lines
      const told = [opening, words.lines.new, reactivated, lost, merged, erased, closing]
      for (const line of side === 'value' ? [...told, expanded, contracted] : told)
        expect(lines).toContain(line)
    },
  )

test('the customers of a closing and of what grew break no rule and come to their line', async ({
  browser,
}) => {
  const report = await desk.request.get(`${shop.url}/api/desk/statement?period=${period}`)
  const { rows } = (await report.json()) as StatementReport
  const store = shop.stores[0] ?? ''
  const row = rows.find(({ scope }) => scope === store)
  const page = await desk.newPage()
  const path = `${shop.url}/desk/statement/customers?period=${period}&scope=${store}`
  await page.goto(`${path}&line=closing`)
  await expect(page.locator('.list tbody tr')).toHaveCount(row?.customers.closing ?? -1)
  await expect(page.getByText(common.freshness.none)).toBeVisible()
  await inBothThemes(page, 'customers of a closing')
  const chinese = await (await openChinese(browser, desk)).newPage()
  await chinese.goto(`${path}&line=contracted`)
  await expect(chinese.getByText('与资产表一致')).toBeVisible()
  await inBothThemes(chinese, 'customers who spent less, in Chinese')
  await page.goto(`${path.replace(store, 'chain')}&line=closing`)
  await page.getByRole('link', { name: words.tenures.stores }).click()
  await expect(page).toHaveURL(/#parts$/)
})
