// The app and its database change while work waits on the tablet: a newer version of the app, an
// older database, and one that the disk has spoilt. What was saved is sent, and counted once.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BrowserContext, expect, test } from '@playwright/test'
import { openDesk, valuesOf } from './desk-hand.ts'
import { openShop } from './shop.ts'
import { openOnDisk, schemaVersion, setBackSchema, spoilDatabase } from './tablet-disk.ts'
import { openTablet, TabletHand, words } from './tablet-hand.ts'
import { forPush, layWire, type Wire } from './wire.ts'

const { outbox } = words.clerk
const { waiting } = words.sync.record
const BUILT = new URL('../../build/_app/version.json', import.meta.url)
const { version } = JSON.parse(readFileSync(BUILT, 'utf8')) as { version: string }
const NEWER = '99.0.0+e2e'
const KNOWN = { digits: '7919', name: '王秀英' }

let shop: Wire
let desk: BrowserContext
test.beforeAll(async ({ browser }) => {
  shop = await layWire(await openShop())
  desk = await openDesk(shop, browser)
})
test.afterAll(() => shop.close())
test.beforeEach(() => {
  shop.fate = () => 'pass'
})

async function visits(): Promise<number> {
  return (await valuesOf(shop, desk, shop.stores[0] ?? '')).visits ?? 0
}

/** The versions under which the service worker keeps the app's page. */
function keptVersions(tablet: TabletHand): Promise<(string | null)[]> {
  return tablet.page.evaluate(async () => {
    const opened = await Promise.all((await caches.keys()).map((name) => caches.open(name)))
    const requests = (await Promise.all(opened.map((cache) => cache.keys()))).flat()
    const pages = requests.map(({ url }) => new URL(url)).filter(({ pathname }) => pathname === '/')
    return pages.map(({ searchParams }) => searchParams.get('__WB_REVISION__'))
  })
}

async function workUnsent(tablet: TabletHand, digits: string, name: string): Promise<void> {
  shop.fate = forPush({ status: 502 })
  await tablet.find(digits, name)
  await tablet.logVisit('buy')
  await tablet.reads(waiting(1))
}

async function startOn(tablet: TabletHand): Promise<void> {
  await tablet.enrol(0)
  await tablet.unlock(0)
  await tablet.reads(/Up to date/)
}

test('a newer app takes over when a clerk leaves, and disturbs neither clerk nor unsent work', async ({
  browser,
}) => {
  test.setTimeout(150_000)
  const before = await visits()
  const tablet = await openTablet(shop, browser)
  await startOn(tablet)
  expect(await keptVersions(tablet)).toEqual([version])
  await workUnsent(tablet, KNOWN.digits, KNOWN.name)
  const isWorker = (path: string) => path === '/service-worker.js'
  const push = shop.fate
  shop.fate = (path, method) =>
    isWorker(path) ? (text) => text.replaceAll(version, NEWER) : push(path, method)
  await tablet.page.reload()
  await expect
    .poll(
      () =>
        tablet.page.evaluate(async () => {
          const registration = await navigator.serviceWorker.getRegistration()
          await registration?.update()
          return registration?.waiting?.state
        }),
      { timeout: 20_000 },
    )
    .toBe('installed')
  expect(await tablet.page.evaluate(() => navigator.serviceWorker.controller?.state)).toBe(
    'activated',
  )
  await tablet.find(KNOWN.digits, KNOWN.name) // Nobody at work is interrupted.
  await expect(tablet.page.getByText(words.clerk.updateReady)).toBeVisible()
  await tablet.reads(waiting(1))
  expect(await keptVersions(tablet)).toEqual([version, NEWER])
  await tablet.lock()
  // The page is loaded anew under the question: then there is no context to ask.
  const newVersion = () => keptVersions(tablet).catch(() => null)
  await expect.poll(newVersion, { timeout: 60_000 }).toEqual([NEWER])
  await tablet.unlock(0)
  await tablet.reads(waiting(1))
  shop.fate = () => 'pass'
  await tablet.syncNow()
  await expect.poll(() => visits(), { timeout: 20_000 }).toBe(before + 1)
})

test('a database of the version before is taken over with its unsent work', async ({ browser }) => {
  const before = await visits()
  const tablet = await openTablet(shop, browser)
  await startOn(tablet)
  const current = await schemaVersion(tablet.page)
  await workUnsent(tablet, '0000', '张伟')
  await tablet.open('/healthz') // A page of the same origin that is not the app.
  expect(await setBackSchema(tablet.page)).toBe(10)
  await tablet.open('/')
  if (tablet.page.url().includes('unlock')) await tablet.unlock(0)
  await tablet.reads(waiting(1))
  expect(await schemaVersion(tablet.page)).toBe(current)
  shop.fate = () => 'pass'
  await tablet.syncNow()
  await tablet.find('0000', '张伟')
  await expect.poll(() => visits(), { timeout: 20_000 }).toBe(before + 1)
})

test('a database that the disk has spoilt is begun anew, and what was in it is named', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'regulars-profile-'))
  const first = await openOnDisk(folder)
  const before = new TabletHand(shop, first, await first.newPage())
  await startOn(before)
  await workUnsent(before, KNOWN.digits, KNOWN.name)
  await before.page.locator('a.sync-badge').click()
  const heard = shop.answered('/api/sync/pull')
  await before.tap(outbox.now)
  await heard
  await first.close()
  expect(spoilDatabase(folder)).toBeGreaterThan(2)
  shop.fate = () => 'pass'
  const second = await openOnDisk(folder)
  const tablet = new TabletHand(shop, second, await second.newPage())
  await tablet.open('/')
  await tablet.page.waitForURL(/unlock/)
  await tablet.unlock(0)
  const { corrupt, title, lost } = outbox.evicted
  const notice = tablet.page.getByText(corrupt).or(tablet.page.getByText(title))
  await expect(notice).toBeVisible()
  await expect(tablet.page.getByText(lost('1'))).toBeVisible()
  await tablet.reads(/Up to date/)
  await tablet.find(KNOWN.digits, KNOWN.name)
  await tablet.open('/sync')
  await expect(tablet.page.getByRole('heading', { name: outbox.lossTitle })).toBeVisible()
  await second.close()
  rmSync(folder, { recursive: true, force: true })
})
