// Sites in a real browser: why a store stands where it does, when it could not serve, and what was
// decided of its quarter, on the advice and beside its evidence. Whether evidence and advice are
// right is proved beside the model, not here.
import { type BrowserContext, expect, type Page, test } from '@playwright/test'
import { DAY_MS, instantOf } from '#model/calendar.ts'
import { quarterOf } from '#model/period.ts'
import type { DeskSession } from '#model/report.ts'
import type { SitesReport } from '#model/report-sites.ts'
import { common } from '#web/i18n/en/common.ts'
import { deskDefinitions as definitions } from '#web/i18n/en/desk-definitions.ts'
import { sites as words } from '#web/i18n/en/desk-sites.ts'
import { sites as zhWords } from '#web/i18n/zh/desk-sites.ts'
import { fieldOf } from '#web/desk/sites-words.ts'
import { inTheme } from './accessible.ts'
import { openChinese, openDesk, readReport } from './desk-hand.ts'
import { openShop, type Shop } from './shop.ts'

// What one test said of a site, the next one reads.
test.describe.configure({ mode: 'serial' })

const REGIONAL = 4
const STORE = '人民路店'
/** The last of the grown stores, see shop-growth.ts. */
const SILENT = '社区9店'
const ZONE = 'Asia/Shanghai'
const REASON = 'power cut'
const NOTE = 'One more quarter, with the new sign.'

let shop: Shop
let desk: BrowserContext
let address: string
let yesterday: number
test.beforeAll(async ({ browser }) => {
  shop = await openShop()
  const grown = await shop.grow()
  desk = await openDesk(shop, browser)
  await readReport(shop, desk)
  const answer = await desk.request.get(`${shop.url}/api/desk/me`)
  const { today } = (await answer.json()) as DeskSession
  yesterday = today - 1
  address = `/desk/sites?quarter=${quarterOf(yesterday).text}`
  const options = { headers: { origin: shop.url } }
  for (const store_id of grown) {
    const data = { store_id, purpose: 'serve' }
    const said = await desk.request.post(`${shop.url}/api/desk/sites/purposes`, {
      data,
      ...options,
    })
    expect(said.ok()).toBe(true)
  }
})
test.afterAll(() => shop.close())

async function open(from = desk): Promise<Page> {
  const page = await from.newPage()
  await page.goto(`${shop.url}${address}`)
  await expect(page.getByRole('heading', { level: 1, name: words.title })).toBeVisible()
  return page
}

function site(page: Page, name = STORE) {
  const header = page.getByRole('rowheader').filter({ hasText: name })
  return page.getByRole('row').filter({ has: header })
}

async function edit(page: Page) {
  await site(page).getByRole('button', { name: STORE }).click()
  return page.getByRole('dialog', { name: words.edit(STORE) })
}

async function save(page: Page) {
  await page.getByRole('dialog').getByRole('button', { name: common.save }).click()
  await expect(page.getByText(words.saved).last()).toBeVisible()
  await expect(page.getByRole('dialog')).toHaveCount(0)
}

/** An instant as a field for date and time takes it, by the store's clock. */
const fieldText = (at: number) => fieldOf(at, ZONE)

test('a purpose brings evidence beside the peers, and advice with its reason', async () => {
  const page = await open()
  await expect(site(page)).toContainText(words.noPurpose)
  await (await edit(page)).getByLabel(words.columns.purpose).selectOption('serve')
  await inTheme(page, 'light', 'a site')
  await save(page)
  const row = site(page)
  await expect(row).toContainText(words.purposes.serve)
  const answer = await desk.request.get(`${shop.url}/api${address}`)
  const { rows } = (await answer.json()) as SitesReport
  const judged = rows.find(({ store_id }) => store_id === shop.stores[0])?.assessment
  // Of ten: one has been silent for a week, and some have too few visits to be compared with.
  const unknown = new Set(['stale', 'few-visits'])
  const known = rows.filter(({ assessment }) => assessment && !unknown.has(assessment.why))
  expect(judged?.peers).toBe(known.length)
  expect(known.length).toBeLessThan(rows.length)
  expect(judged?.evidence.map(({ standing }) => standing)).not.toContain('no-data')
  for (const { measure } of judged?.evidence ?? [])
    await expect(row.getByText(words.measures[measure])).toBeVisible()
  await expect(row.getByText(/\(median /)).toHaveCount(2)
  await expect(row).toContainText(judged?.advice ? words.advice[judged.advice] : words.noAdvice)
  await expect(row).toContainText(words.why[judged?.why ?? 'sound'])
  await expect(site(page, SILENT)).toContainText(words.why.stale)
  await expect(site(page, SILENT)).toContainText(/data as of/)
  await inTheme(page, 'light', 'sites')
})

test(
  'a fault counts with its reason, and one that never ends is not taken',
  { tag: '@long' },
  async ({ browser }) => {
    const page = await open(await openDesk(shop, browser, REGIONAL))
    const sheet = await edit(page)
    // A regional manager tells what happened; what becomes of a site is not theirs to say.
    await expect(sheet.getByLabel(words.decide)).toHaveCount(0)
    const noon = instantOf(yesterday, 720, ZONE)
    await sheet.getByLabel(words.from).fill(fieldText(noon))
    await sheet.getByLabel(words.until).fill(fieldText(noon - DAY_MS))
    await sheet.getByLabel(words.reason).fill(REASON)
    await sheet.getByRole('button', { name: common.save }).click()
    await expect(sheet.getByText(words.wrongTimes)).toBeVisible()
    await sheet.getByLabel(words.until).fill(fieldText(noon + 90 * 60_000))
    await save(page)
    await expect(site(page)).toContainText(`${REASON} 1:30`)
    await expect(page.getByText('湖滨店')).toHaveCount(0)
  },
)

test(
  'what is decided stands beside the advice, in every browser alike',
  { tag: '@long' },
  async ({ browser }) => {
    const page = await open()
    const sheet = await edit(page)
    await expect(sheet.getByText(REASON)).toBeVisible()
    await sheet.getByLabel(words.decide).selectOption('keep')
    await sheet.getByLabel(words.note).fill(NOTE)
    await save(page)
    await expect(site(page)).toContainText(NOTE)
    const other = await open(await openDesk(shop, browser))
    await expect(site(other)).toContainText(NOTE)
    expect(await other.getByRole('main').innerText()).toBe(await page.getByRole('main').innerText())
    const chinese = await (await openChinese(browser, desk)).newPage()
    await chinese.goto(page.url())
    await expect(site(chinese)).toContainText(zhWords.advice.keep)
    await inTheme(chinese, 'dark', 'sites in Chinese')
  },
)

test(
  'a fault that was told in error is withdrawn with a reason, and stays on record',
  { tag: '@long' },
  async () => {
    const page = await open()
    const sheet = await edit(page)
    await sheet.getByRole('button', { name: words.withdraw }).click()
    await sheet.getByRole('button', { name: words.withdraw }).click()
    await expect(sheet.getByText(words.withdrawMissing)).toBeVisible()
    await sheet.getByLabel(words.withdrawWhy).fill('the other store')
    await sheet.getByRole('button', { name: words.withdraw }).click()
    await expect(page.getByText(words.withdrawnDone).last()).toBeVisible()
    await expect(site(page)).not.toContainText(REASON)
    const again = await edit(page)
    await expect(again.getByText(/^Withdrawn by .*: the other store$/)).toBeVisible()
    await expect(again.getByText(REASON)).toBeVisible()
    await expect(again.getByRole('button', { name: words.withdraw })).toHaveCount(0)
  },
)

test(
  'what a measure means is one click away, and told in full behind it',
  { tag: '@long' },
  async () => {
    const page = await open()
    const { name, formula } = definitions.texts.hours_kept
    await page.getByRole('button', { name: common.definition(name), exact: true }).click()
    await page.getByRole('link', { name: definitions.more }).and(page.locator(':visible')).click()
    await expect(page.getByRole('article', { name, exact: true })).toContainText(formula)
  },
)
