// The super-store score in a real browser: a ranking that says where it does not know, the way from
// a rank to the facts behind it, and weights that change it. Whether the figures themselves are
// right is proved beside the ledger, not here.
import { type BrowserContext, expect, type Page, test } from '@playwright/test'
import { dayText } from '#model/calendar.ts'
import type { DeskSession } from '#model/report.ts'
import type { ScoreReport } from '#model/report-score.ts'
import { common } from '#web/i18n/en/common.ts'
import { deskDefinitions as definitions } from '#web/i18n/en/desk-definitions.ts'
import { score as words } from '#web/i18n/en/desk-score.ts'
import { inBothThemes } from './accessible.ts'
import { openDesk, readReport } from './desk-hand.ts'
import { openShop, type Shop } from './shop.ts'

const REGIONAL = 4
/** The first page of a browser fetches the whole app. */
const OPEN_MS = 30_000

let shop: Shop
let desk: BrowserContext
let period: string
let report: ScoreReport
test.beforeAll(async ({ browser }) => {
  shop = await openShop()
  await shop.grow()
  desk = await openDesk(shop, browser)
  await readReport(shop, desk)
  const me = await desk.request.get(`${shop.url}/api/desk/me`)
  period = `90d@${dayText(((await me.json()) as DeskSession).today)}`
  const answer = await desk.request.get(`${shop.url}/api/desk/score?period=${period}`)
  report = (await answer.json()) as ScoreReport
})
test.afterAll(() => shop.close())

async function openScore(from: BrowserContext, path = '', query = ''): Promise<Page> {
  const page = await from.newPage()
  // A colour that is on its way from one theme to the other has no contrast to be judged by.
  await page.emulateMedia({ reducedMotion: 'reduce' })
  await page.goto(`${shop.url}/desk/score${path}?period=${period}${query}`)
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible({ timeout: OPEN_MS })
  return page
}

const ranking = (page: Page) => page.getByRole('region', { name: /^Super-store ranking/ })
const namesIn = (page: Page) => ranking(page).getByRole('rowheader').getByRole('link')
const best = () => report.rows[0]?.name ?? ''

test('the ranking names ranges, and leaves out who cannot be judged with the reason', async () => {
  expect(report.counts).toEqual({ ranked: 8, stale: 1, few_facts: 2 })
  const page = await openScore(desk)
  await expect(page.getByText(words.counts('8', '11'))).toBeVisible()
  await expect(namesIn(page)).toHaveCount(8)
  await expect(namesIn(page).first()).toHaveText(best())
  const beyond = await ranking(page).evaluate((frame) => frame.scrollWidth - frame.clientWidth)
  expect(beyond).toBeLessThanOrEqual(0) // A laptop shows every column.
  const [first] = report.rows
  const range = words.rank(`${first?.rank_range?.low}`, `${first?.rank_range?.high}`)
  await expect(ranking(page).getByRole('row').nth(1)).toContainText(range)
  const stale = page.getByRole('region', { name: words.staleTitle('1') })
  await expect(stale.getByRole('row').filter({ hasText: '社区9店' })).toContainText('Data from')
  // Without a tablet nothing is awaited of them: they are whole, and have too few facts.
  const few = page.getByRole('region', { name: words.fewTitle('2') })
  await expect(few.getByRole('rowheader')).toHaveCount(2)
  await expect(page.getByText(words.defaultWeights)).toBeVisible()
  await inBothThemes(page, 'score')
  await page.getByRole('radio', { name: words.views.table }).check()
  await expect(page).toHaveURL(/view=table/)
  await expect(ranking(page).getByRole('row').nth(1)).toContainText(best())
  await inBothThemes(page, 'score as a table')
})

test('from a rank one is at the facts behind it, and they add up', async () => {
  const page = await openScore(desk)
  await namesIn(page).first().click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(words.trace.title(best()))
  const table = page.getByRole('region', { name: words.trace.caption })
  const points = await table.locator('tbody td:last-child').allInnerTexts()
  const sum = points.reduce((all, text) => all + Number(text), 0)
  await expect(table.locator('tfoot td').last()).toHaveText(sum.toFixed(2))
  expect(Math.abs(sum - (report.rows[0]?.score ?? NaN))).toBeLessThan(0.03)
  await expect(table.getByRole('row').nth(1)).toContainText(/\d+\/\d+/)
  await expect(page.getByText(words.trace.seed(String(report.seed)))).toBeVisible()
  await inBothThemes(page, 'trace')
})

test(
  'an address pasted into another browser shows the same view, cut to its reader',
  { tag: '@long' },
  async ({ browser }) => {
    const query = '&q=%E7%A4%BE%E5%8C%BA&view=table&sort=-retained_rate'
    const here = await openScore(desk, '', query)
    const order = await namesIn(here).allInnerTexts()
    expect(order).toHaveLength(8)
    const other = await openDesk(shop, browser)
    const there = await other.newPage()
    await there.goto(here.url())
    await expect(namesIn(there)).toHaveText(order)
    const regional = await openDesk(shop, browser, REGIONAL)
    const part = await openScore(regional)
    const seen = report.rows.filter((row) => row.region_id === shop.regions[0] && row.rank !== null)
    await expect(namesIn(part)).toHaveText(seen.map(({ name }) => name))
    // A rank is that of the whole chain, whoever reads it.
    await expect(part.getByText(words.counts('8', '11'))).toBeVisible()
    await expect(part.getByRole('link', { name: words.editWeights })).toHaveCount(0)
  },
)

test('weights are looked at before they are set, and the page says who set them', async () => {
  const page = await openScore(desk)
  await page.getByRole('link', { name: words.editWeights }).click()
  const save = page.getByRole('button', { name: words.edit.save })
  const field = (id: 'retained_rate' | 'second_visit_rate') =>
    page.getByRole('textbox', { name: definitions.texts[id].name })
  await expect(field('retained_rate')).toHaveValue('20')
  await expect(save).toBeDisabled()
  await field('retained_rate').fill('0')
  await expect(page.getByText(words.edit.sumShort('20'))).toBeVisible()
  await expect(save).toBeDisabled()
  await field('second_visit_rate').fill('35')
  await expect(page.getByText(words.edit.sumOk)).toBeVisible()
  await expect(page).toHaveURL(/weights=0-35-10-10-10-10-10-5-5-5/)
  await expect(page.getByText(/\d+ of 8 ranked stores would change their rank/)).toBeVisible()
  await inBothThemes(page, 'weights')
  await save.click()
  await expect(page).toHaveURL(/\/desk\/score\?period=/)
  await expect(page.getByText(words.edit.saved).first()).toBeVisible()
  const provenance = page.getByRole('region', { name: words.weightsTitle })
  await expect(provenance).toContainText('Weights set by 总部')
  await expect(provenance.getByText(definitions.texts.retained_rate.name)).toHaveCount(0)
  await page.reload()
  await expect(provenance).toContainText('Weights set by 总部')
  await expect(page.getByText(common.retry)).toHaveCount(0)
})
