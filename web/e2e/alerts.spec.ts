// The decision system in a real browser: a rule is tried on the past before it is switched on, what
// it finds is dealt with step by step, and the store's Monday page tells the same. Whether limits
// and verdicts are right is proved beside the model, not here.
import { type BrowserContext, expect, type Page, test } from '@playwright/test'
import { common } from '#web/i18n/en/common.ts'
import { charts } from '#web/i18n/en/charts.ts'
import { alerts as words } from '#web/i18n/en/desk-alerts.ts'
import { inBothThemes } from './accessible.ts'
import { openDesk, readReport } from './desk-hand.ts'
import { openShop, type Shop } from './shop.ts'

// What one test left behind, the next one looks at.
test.describe.configure({ mode: 'serial' })

const REGIONAL = 4
const BROKEN = '人民路店'
const TASK = 'Call the store manager today and ask what happened.'

let shop: Shop
let desk: BrowserContext
test.beforeAll(async ({ browser }) => {
  shop = await openShop()
  await shop.plantBreak(0)
  desk = await openDesk(shop, browser)
  await readReport(shop, desk)
})
test.afterAll(() => shop.close())

async function open(path: string, from = desk): Promise<Page> {
  const page = await from.newPage()
  await page.goto(`${shop.url}${path}`)
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  return page
}

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })

test('a rule is replayed, switched on, and its alert is acknowledged, sent and resolved', async () => {
  const page = await open('/desk/alerts')
  await expect(page.getByText(words.noRules)).toBeVisible()
  await inBothThemes(page, 'no rules')
  await page.getByRole('link', { name: words.toRules }).click()
  await expect(page.getByText(words.starters['visits-drop'])).toBeVisible()
  await inBothThemes(page, 'rules')
  const offer = `${words.rules.see} · ${words.starters['visits-drop']}`
  await page.getByRole('link', { name: offer }).click()
  await expect(button(page, words.editor.saveOn)).toBeDisabled()
  await inBothThemes(page, 'a new rule')
  await button(page, words.editor.replay).click()
  await expect(page.getByText(words.replay.title)).toBeVisible()
  const found = page.getByRole('row').filter({ hasText: BROKEN })
  await expect(found.filter({ hasText: words.replay.verdicts.pending })).toHaveCount(1)
  await inBothThemes(page, 'replay')
  // Whoever changes what the rule reads has not seen what it would say.
  await page.getByLabel(words.editor.minN).fill('40')
  await expect(button(page, words.editor.saveOn)).toBeDisabled()
  await button(page, words.editor.replay).click()
  await button(page, words.editor.saveOn).click()
  await expect(page).toHaveURL(/\/desk\/alerts$/)
  const row = page.getByRole('row').filter({ hasText: BROKEN })
  await expect(row).toHaveCount(1)
  await expect(row).toContainText(words.states.open)
  await inBothThemes(page, 'alerts')
  await row.getByRole('link').click()
  await expect(page.getByText(words.page.nothing)).toBeVisible()
  await inBothThemes(page, 'alert')
  await button(page, words.page.acknowledge).click()
  await expect(button(page, words.page.acknowledge)).toHaveCount(0)
  await page.getByLabel(words.page.task).fill(TASK)
  await button(page, words.page.confirm).click()
  await expect(page.getByText(words.page.taskEdited)).toBeVisible()
  await page.getByLabel(words.page.note).fill('Road works, over by Friday.')
  await button(page, words.page.resolve).click()
  await expect(page.getByText(words.page.over)).toBeVisible()
  const steps = page.getByRole('list', { name: words.page.steps }).getByRole('listitem')
  await expect(steps).toHaveCount(4)
  await expect(steps.first()).toContainText('Road works, over by Friday.')
  await expect(page.getByText(common.freshness.none)).toBeVisible()
  await page.goto(`${shop.url}/desk/alerts`)
  await expect(page.getByText(common.freshness.none)).toBeVisible()
  await expect(page.getByText(words.none, { exact: true })).toBeVisible()
})

test('a view of the alerts is the same in another browser, and cut to who looks', async ({
  browser,
}) => {
  const page = await open('/desk/alerts?state=over&severity=urgent')
  await expect(page.getByRole('row').filter({ hasText: BROKEN })).toHaveCount(1)
  await page.getByRole('row').getByRole('link').first().click()
  await expect(page).toHaveURL(/\/desk\/alerts\/[0-9a-f-]{36}$/)
  const address = new URL(page.url()).pathname
  const other = await openDesk(shop, browser)
  const pasted = await open(address, other)
  await expect(pasted.getByText(words.page.over)).toBeVisible()
  const regional = await openDesk(shop, browser, REGIONAL)
  const rules = await open('/desk/alerts/rules', regional)
  await expect(rules.getByText(words.rules.readOnly)).toBeVisible()
  await expect(rules.getByRole('link', { name: words.rules.add })).toHaveCount(0)
})

test('the evidence is walked with the keys, and read as a table', { tag: '@long' }, async () => {
  const page = await open('/desk/alerts?state=over')
  await page.getByRole('row').getByRole('link').first().click()
  const chart = page.getByRole('group', { name: words.page.evidence, exact: true })
  await chart.locator('[data-mark]').first().focus()
  await page.keyboard.press('End')
  await expect(page.locator(':focus')).toHaveAttribute('aria-label', /limits/i)
  await page.getByRole('radio', { name: charts.table, exact: true }).check()
  await expect(page.getByRole('cell', { name: '▲' })).toHaveCount(1)
})

test('the Monday page tells what slipped, whom to call, and leads to the records', async () => {
  const page = await open('/desk/monday')
  await expect(page).toHaveURL(/\/desk\/monday\/[0-9a-f-]+\?week=\d{4}-W\d\d$/)
  await page.getByLabel(words.monday.store).selectOption({ label: BROKEN })
  await expect(page.getByRole('heading', { level: 1 })).toContainText(BROKEN)
  const slipping = page.locator('section').filter({ hasText: words.monday.slipping })
  await expect(slipping).toContainText(words.metrics.visits)
  await expect(slipping).toContainText(words.monday.beyond)
  const saves = page.locator('section').filter({ hasText: words.monday.saves })
  await expect(saves).toContainText('周小雨')
  await saves.getByText(words.monday.days, { exact: true }).click()
  await expect(saves.locator('details li')).toHaveCount(5)
  await inBothThemes(page, 'monday')
  const week = page.url()
  await page.getByRole('button', { name: words.monday.earlier }).click()
  await expect(page.getByRole('button', { name: words.monday.later })).toBeEnabled()
  await page.getByRole('button', { name: words.monday.later }).click()
  await expect(page).toHaveURL(week)
  await page.emulateMedia({ media: 'print' })
  await expect(page.locator('footer').getByText(week).first()).toBeVisible()
  await page.emulateMedia({ media: 'screen' })
  await slipping.getByRole('link').first().click()
  await expect(page).toHaveURL(/\/desk\/stores\//)
})
