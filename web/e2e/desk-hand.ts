import { type Browser, type BrowserContext, expect } from '@playwright/test'
import type { MetricValues } from '#model/metrics.ts'
import type { StoresReport } from '#model/report.ts'
import { PEOPLE } from './shop-chain.ts'
import type { Shop } from './shop.ts'

const HEADQUARTERS = 3
/** The desk is read with a network: keeping the app for times without one would only cost time. */
const DESK = { viewport: { width: 1440, height: 900 }, serviceWorkers: 'block' } as const

/** A browser that is signed in as one of the test chain's people at the desk. */
export async function openDesk(
  shop: Shop,
  browser: Browser,
  person = HEADQUARTERS,
): Promise<BrowserContext> {
  const desk = await browser.newContext({ ...DESK, locale: 'en-US' })
  const { email = '', password = '' } = PEOPLE[person] ?? {}
  const options = { data: { email, password }, headers: { origin: shop.url } }
  const answer = await desk.request.post(`${shop.url}/api/auth/sign-in`, options)
  expect(answer.status()).toBe(200)
  return desk
}

function thisYear(): string {
  return `${new Date().getFullYear()}`
}

/** The report of a period, as the desk's page gets it, once every roll-up is done. */
export async function readReport(
  shop: Shop,
  desk: BrowserContext,
  period = thisYear(),
): Promise<StoresReport> {
  const url = `${shop.url}/api/desk/stores?period=${period}`
  let report: StoresReport | undefined
  await expect
    .poll(async () => {
      const answer = await desk.request.get(url)
      report = (await answer.json()) as StoresReport
      return report.dirty_days
    })
    .toBe(0)
  if (!report) throw new Error('the desk gave no report')
  return report
}

export async function valuesOf(
  shop: Shop,
  desk: BrowserContext,
  scope: string,
  period = thisYear(),
): Promise<MetricValues> {
  const { rows } = await readReport(shop, desk, period)
  const row = rows.find((one) => one.scope === scope)
  if (!row) throw new Error(`no row of ${scope}`)
  return row.now
}

/** The same person in a browser that speaks Chinese. */
export async function openChinese(browser: Browser, desk: BrowserContext): Promise<BrowserContext> {
  const storageState = await desk.storageState()
  return browser.newContext({ ...DESK, locale: 'zh-CN', storageState })
}
