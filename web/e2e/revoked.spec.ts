// A tablet that headquarters revoked, lost or stolen: whoever holds it sees no customer, what its
// clerks wrote is not lost with it, and headquarters sees that it is empty.
import { type BrowserContext, expect, type Page, test } from '@playwright/test'
import { admin } from '../lib/i18n/en/admin.ts'
import { openDesk } from './desk-hand.ts'
import { openShop } from './shop.ts'
import { openTablet, type TabletHand, words } from './tablet-hand.ts'
import { forPush, layWire, type Wire } from './wire.ts'

const { enrol, outbox } = words.clerk
const { deskSync } = words
const KNOWN = { digits: '7919', name: '王秀英' }
const TABLES = ['part', 'part_index', 'row', 'view', 'op', 'recent', 'visiting', 'draft']

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

/** A tablet with a visit that nobody but it knows of. */
async function startWithWork(tablet: TabletHand, store: number): Promise<void> {
  await tablet.enrol(store)
  await tablet.unlock(0)
  await tablet.reads(/Up to date/)
  await tablet.find(KNOWN.digits, KNOWN.name)
  await tablet.goOffline()
  await tablet.logVisit('buy')
}

/** Headquarters taps Revoke beside each device in use, and means it. */
async function revokeAll(): Promise<void> {
  const page = await desk.newPage()
  await page.goto(`${shop.url}/admin/devices`)
  const buttons = page.getByRole('button', { name: admin.devices.revoke, exact: true })
  await expect(buttons.first()).toBeVisible()
  for (let left = await buttons.count(); left > 0; left -= 1) {
    await buttons.first().click()
    await expect(page.getByText(admin.devices.revokeText)).toBeVisible()
    await page.getByRole('button', { name: admin.devices.revokeYes }).click()
    await expect(buttons).toHaveCount(left - 1)
  }
  await page.close()
}

/** How many rows lie in the tablet's tables, read beside the app. */
function rowsOnDisk(page: Page): Promise<number> {
  return page.evaluate(async (names) => {
    const done = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result)
        request.onerror = () => reject(new Error(request.error?.message))
      })
    const db = await done(indexedDB.open('regulars'))
    const read = db.transaction(names)
    const counts = await Promise.all(names.map((name) => done(read.objectStore(name).count())))
    db.close()
    return counts.reduce((sum, count) => sum + count, 0)
  }, TABLES)
}

test('a revoked tablet hands in its work, deletes its customers, and both sides say so', async ({
  browser,
}) => {
  const tablet = await openTablet(shop, browser)
  const { page } = tablet
  await startWithWork(tablet, 0)
  expect(await rowsOnDisk(page)).toBeGreaterThan(0)
  await revokeAll()
  await tablet.context.setOffline(false)
  await page.waitForURL(/enrol/)
  await expect(page.getByText(enrol.revoked)).toBeVisible()
  await expect(page.getByText(enrol.emptied)).toBeVisible()
  expect(await rowsOnDisk(page)).toBe(0)
  await tablet.open('/')
  await expect(page.getByText(enrol.emptied)).toBeVisible()

  const queue = await desk.newPage()
  await queue.goto(`${shop.url}/desk/sync/refused`)
  await expect(queue.getByText(deskSync.reasons.revoked)).toHaveCount(1)
  await queue.goto(`${shop.url}/desk/sync?state=revoked`)
  await queue.getByRole('row').filter({ hasText: '人民路店' }).getByRole('link').first().click()
  await expect(queue.getByText(deskSync.page.eventNames.emptied)).toBeVisible()
  await expect(queue.getByText(deskSync.page.emptied, { exact: true })).toBeVisible()

  // A code makes it a tablet of a store again, with a first download of its own.
  await tablet.enrol(0)
  await tablet.unlock(0)
  await tablet.find(KNOWN.digits, KNOWN.name)
})

test('while its work cannot be handed in, the tablet keeps it and shows no customer', async ({
  browser,
}) => {
  const tablet = await openTablet(shop, browser)
  const { page } = tablet
  await startWithWork(tablet, 0)
  await revokeAll()
  shop.fate = forPush({ status: 502, type: 'text/html', body: '<h1>Bad gateway</h1>' })
  await tablet.context.setOffline(false)
  await page.waitForURL(/enrol/)
  await expect(page.getByText(enrol.revokedHint)).toBeVisible()
  await expect(page.getByText(KNOWN.name)).toHaveCount(0)
  await page.getByRole('link', { name: outbox.title }).click()
  await expect(page.getByRole('main').getByText(outbox.upWaiting('1'))).toBeVisible()
  const download = page.waitForEvent('download')
  await tablet.tap(outbox.exporting)
  expect((await download).suggestedFilename()).toMatch(/^regulars-outbox-/)
  await tablet.open('/')
  await expect(page.getByText(enrol.revokedHint)).toBeVisible()
  shop.fate = () => 'pass'
  await expect(page.getByText(enrol.emptied)).toBeVisible({ timeout: 60_000 })
  expect(await rowsOnDisk(page)).toBe(0)
})
