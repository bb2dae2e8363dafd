// Pictures of every view of the figures, for the README and for looking at the screens:
//   node scripts/pictures.ts --email … --password … [--url …] [--out …] [--chinese] [--dark]
// takes them from a chain that is served, best the demo. It gives stores a purpose and switches on
// the rules that are offered, so it is nothing for a real installation.
import { randomUUID } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type BrowserContext, chromium, type Page } from '@playwright/test'
import { STARTER_IDS, STARTERS } from '#model/alerts/starters.ts'
import { monthOf, quarterOf, yearOf } from '#model/period.ts'
import type { DeskSession, StoresReport } from '#model/report.ts'
import { PURPOSES } from '#model/site.ts'
import { alerts as words } from '#web/i18n/en/desk-alerts.ts'
import { alerts as chinese } from '#web/i18n/zh/desk-alerts.ts'
import { launchOptions } from './browser.ts'
import { withPalette } from './palette.ts'

const { values } = parseArgs({
  options: {
    url: { type: 'string', default: 'http://localhost:8080' },
    email: { type: 'string', default: '' },
    password: { type: 'string', default: '' },
    out: { type: 'string', default: 'pictures' },
    only: { type: 'string' },
    chinese: { type: 'boolean', default: false },
    dark: { type: 'boolean', default: false },
  },
})

const SIZE = { width: 1440, height: 900 }
const WAIT_MS = 60_000

interface View {
  name: string
  path: string
  /** What is done on the page before the picture is taken. */
  prepare?: (page: Page) => Promise<void>
}

async function get<T>(desk: BrowserContext, path: string): Promise<T> {
  const answer = await desk.request.get(`${values.url}${path}`)
  if (!answer.ok()) throw new Error(`${path}: ${answer.status()} ${await answer.text()}`)
  return (await answer.json()) as T
}

async function post(desk: BrowserContext, path: string, data: object): Promise<void> {
  const headers = { origin: values.url }
  const answer = await desk.request.post(`${values.url}${path}`, { data, headers })
  if (!answer.ok()) throw new Error(`${path}: ${answer.status()} ${await answer.text()}`)
}

/** Rules that watch the chain, and stores that are there for something; once per chain. */
async function settle(desk: BrowserContext, stores: readonly string[]): Promise<void> {
  const { rules } = await get<{ rules: unknown[] }>(desk, '/api/desk/alert-rules')
  if (rules.length > 0) return
  for (const starter of STARTER_IDS) {
    const name = words.starters[starter]
    const rule = { ...STARTERS[starter], name, task: '', state: 'on' }
    await post(desk, '/api/desk/alert-rules', { id: randomUUID(), rule })
  }
  for (const [nth, store_id] of stores.entries()) {
    const purpose = PURPOSES[nth % PURPOSES.length]
    await post(desk, '/api/desk/sites/purposes', { store_id, purpose })
  }
}

async function replay(page: Page): Promise<void> {
  await page.getByRole('button', { name: (values.chinese ? chinese : words).editor.replay }).click()
  const title = page.getByText((values.chinese ? chinese : words).replay.title)
  await title.waitFor({ timeout: WAIT_MS })
  await page.evaluate(() => window.scrollTo(0, 0))
}

/** The charts of all stores side by side, below the table. */
async function toMultiples(page: Page): Promise<void> {
  await page
    .locator('main h2')
    .nth(1)
    .evaluate((title) => title.scrollIntoView())
}

/** Every view of the figures; stores are the first of a region, so that they are peers. */
function viewsOf(today: number, region: string, stores: readonly string[]): View[] {
  const quarter = quarterOf(quarterOf(today).from - 1).text
  const month = monthOf(monthOf(today).from - 1).text
  const year = yearOf(today).text
  const [store = ''] = stores
  const picked = stores.slice(0, 6).map((id) => `&s=${id}`)
  return [
    { name: 'desk-stores', path: `/desk/stores?period=${month}` },
    { name: 'desk-region', path: `/desk/stores?period=${month}&region=${region}` },
    { name: 'desk-store', path: `/desk/stores/${store}?period=${year}` },
    {
      name: 'desk-compare',
      path: `/desk/stores/compare?period=${month}${picked.join('')}`,
      prepare: toMultiples,
    },
    { name: 'desk-funnel', path: `/desk/stores/funnel?period=${quarter}` },
    { name: 'desk-customers', path: `/desk/stores/${store}/customers` },
    { name: 'desk-cohorts', path: '/desk/stores/chain/customers' },
    { name: 'desk-statement', path: `/desk/statement?period=${quarter}&side=value` },
    {
      name: 'desk-behind',
      path: `/desk/statement/customers?period=${quarter}&scope=${store}&side=value&line=expanded`,
    },
    { name: 'desk-score', path: `/desk/score?period=${quarter}` },
    { name: 'desk-trace', path: `/desk/score/${store}?period=${quarter}` },
    { name: 'desk-alerts', path: '/desk/alerts' },
    { name: 'desk-rules', path: '/desk/alerts/rules' },
    { name: 'desk-replay', path: '/desk/alerts/rules/new?from=visits-drop', prepare: replay },
    { name: 'desk-monday', path: '/desk/monday' },
    { name: 'desk-sites', path: '/desk/sites' },
    { name: 'desk-sync', path: '/desk/sync' },
    { name: 'desk-hours', path: '/desk/sync/hours' },
    { name: 'desk-losses', path: '/desk/sync/losses' },
    { name: 'desk-glossary', path: '/desk/definitions' },
  ]
}

async function take(page: Page, view: View): Promise<void> {
  await page.goto(`${values.url}${view.path}`)
  await page.getByRole('heading', { level: 1 }).waitFor({ timeout: WAIT_MS })
  await page.waitForLoadState('networkidle')
  await view.prepare?.(page)
  const png = withPalette(await page.screenshot({ animations: 'disabled' }))
  const path = join(values.out, `${view.name}.png`)
  writeFileSync(path, png)
  console.log(`${path} ${Math.round(png.length / 1024)} kB`)
}

const browser = await chromium.launch(launchOptions())
const desk = await browser.newContext({
  viewport: SIZE,
  locale: values.chinese ? 'zh-CN' : 'en-GB',
  colorScheme: values.dark ? 'dark' : 'light',
  reducedMotion: 'reduce',
  serviceWorkers: 'block',
})
try {
  const { email, password } = values
  await post(desk, '/api/auth/sign-in', { email, password })
  mkdirSync(values.out, { recursive: true })
  const { today } = await get<DeskSession>(desk, '/api/desk/me')
  const { rows } = await get<StoresReport>(desk, `/api/desk/stores?period=${yearOf(today).text}`)
  const region = rows.find((row) => row.level === 'region')?.scope ?? ''
  const stores = rows.filter((row) => row.level === 'store')
  const peers = stores.filter((row) => row.region_id === region).map((row) => row.scope)
  await settle(
    desk,
    stores.map((row) => row.scope),
  )
  const views = viewsOf(today, region, peers)
  const names = values.only?.split(',')
  const page = await desk.newPage()
  for (const view of views) if (!names || names.includes(view.name)) await take(page, view)
} finally {
  await browser.close()
}
