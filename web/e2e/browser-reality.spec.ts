// What browsers do to a site's data: no more room, data cleared, a database that cannot be read.
// Each test reads what the clerk reads and asks the server's books whether anything is missing or
// there twice. Chromium only, and its own ways of failing; other browsers word it differently.
import { readFileSync } from 'node:fs'
import { expect, test } from '@playwright/test'
import { openDesk } from './desk-hand.ts'
import { openShop } from './shop.ts'
import { openTablet, type TabletHand, words } from './tablet-hand.ts'
import { forPush, layWire, type Wire } from './wire.ts'

const { outbox } = words.clerk
const UNREACHABLE = forPush({ status: 502 })
const SMALL_QUOTA_BYTES = 12_000_000
const KNOWN = { digits: '7919', name: '王秀英' }

let shop: Wire
test.beforeAll(async () => {
  shop = await layWire(await openShop())
})
test.afterAll(() => shop.close())
test.beforeEach(() => {
  shop.fate = () => 'pass'
})

/** A visit and a customer that the server hears of and does not get. */
async function workUnsent(tablet: TabletHand, phone: string, name: string): Promise<void> {
  shop.fate = UNREACHABLE
  await tablet.create(phone, name)
  await tablet.logVisit('buy')
  await tablet.reads(words.sync.record.waiting(2))
}

/** The tablet says how far its numbers go, though none of its ops arrives. */
async function report(tablet: TabletHand): Promise<void> {
  await tablet.page.locator('a.sync-badge').click()
  const heard = shop.answered('/api/sync/pull')
  await tablet.tap(outbox.now)
  await heard
}

/** Holds while the session lives, so it is set once and room is taken away by filling it. */
async function setQuota({ page }: TabletHand, quotaSize: number): Promise<void> {
  const devtools = await page.context().newCDPSession(page)
  // Without the trailing slash the order is taken and does nothing.
  await devtools.send('Storage.overrideQuotaForOrigin', { origin: `${shop.url}/`, quotaSize })
}

/** Takes all the room the browser gives, to the last hundred bytes. */
async function fillUp({ page }: TabletHand): Promise<void> {
  await page.evaluate(async () => {
    const database = await new Promise<IDBDatabase>((resolve) => {
      const opening = indexedDB.open('ballast', 1)
      opening.onupgradeneeded = () => opening.result.createObjectStore('s', { autoIncrement: true })
      opening.onsuccess = () => resolve(opening.result)
    })
    const put = (bytes: number) =>
      new Promise<boolean>((resolve) => {
        const writing = database.transaction('s', 'readwrite')
        const noise = new Uint8Array(bytes)
        for (let at = 0; at < bytes; at += 65_536)
          crypto.getRandomValues(noise.subarray(at, at + 65_536))
        writing.objectStore('s').add(noise)
        writing.oncomplete = () => resolve(true)
        writing.onabort = () => resolve(false)
      })
    for (const bytes of [500_000, 50_000, 5_000, 500, 100]) while (await put(bytes));
    database.close()
  })
}

async function makeRoom({ page }: TabletHand): Promise<void> {
  await page.evaluate(async () => {
    await new Promise((resolve) => {
      indexedDB.deleteDatabase('ballast').onsuccess = resolve
    })
  })
}

test('a full tablet says so, hands out its unsent work, and goes on when there is room', async ({
  browser,
}) => {
  const tablet = await openTablet(shop, browser)
  await tablet.open('/enrol')
  await setQuota(tablet, SMALL_QUOTA_BYTES)
  await tablet.enrol(0)
  await tablet.unlock(0)
  await tablet.reads(/Up to date/)
  await workUnsent(tablet, '13900001111', '陈满')
  await fillUp(tablet)
  await tablet.page.getByRole('button', { name: /^Browse/ }).click()
  await expect(tablet.page.getByText(words.clerk.form.noSpace).first()).toBeVisible()
  await expect(tablet.page.getByText(outbox.room.full)).toBeVisible({ timeout: 30_000 })
  const [download] = await Promise.all([
    tablet.page.waitForEvent('download'),
    tablet.page.getByRole('button', { name: outbox.room.export }).first().click(),
  ])
  await expect(tablet.page.getByText(outbox.exported).first()).toBeVisible()
  const file = JSON.parse(readFileSync(await download.path(), 'utf8')) as {
    format: string
    items: { op: { kind: string; payload: { name?: string } } }[]
  }
  expect(file.format).toBe('regulars-outbox-1')
  expect(file.items.map(({ op }) => op.kind)).toEqual(['customer', 'visit'])
  expect(file.items[0]?.op.payload.name).toBe('陈满')
  await makeRoom(tablet)
  shop.fate = () => 'pass'
  await tablet.syncNow()
  await expect(tablet.page.getByText(outbox.room.full)).toBeHidden()
  await tablet.find('1111', '陈满')
  await tablet.logVisit('browse')
  await tablet.reads(/Up to date/)
})

test('cleared data is found at start, said, and renewed; what was lost stands in the ledger', async ({
  browser,
}) => {
  const tablet = await openTablet(shop, browser)
  await tablet.enrol(0)
  await tablet.unlock(0)
  await tablet.reads(/Up to date/)
  await workUnsent(tablet, '13900002222', '孙失')
  await report(tablet)
  const devtools = await tablet.context.newCDPSession(tablet.page)
  await tablet.page.goto('about:blank')
  await devtools.send('Storage.clearDataForOrigin', {
    origin: `${shop.url}/`,
    storageTypes: 'indexeddb,local_storage,cache_storage,service_workers',
  })
  shop.fate = () => 'pass'
  await tablet.open('/')
  await tablet.page.waitForURL(/unlock/)
  await tablet.unlock(0)
  const notice = tablet.page.getByText(outbox.evicted.title)
  await expect(notice).toBeVisible()
  await expect(tablet.page.getByText(outbox.evicted.lost('2'))).toBeVisible()
  await tablet.reads(/Up to date/)
  await tablet.find(KNOWN.digits, KNOWN.name)
  await tablet.open('/sync')
  await expect(tablet.page.getByRole('heading', { name: outbox.lossTitle })).toBeVisible()
  const entry = tablet.page.getByRole('listitem').filter({ hasText: '■ 2' })
  await expect(entry).toContainText('王芳')
  await lossAtDesk()

  async function lossAtDesk(): Promise<void> {
    const desk = await openDesk(shop, browser)
    const page = await desk.newPage()
    await page.goto(`${shop.url}/desk/sync/losses`)
    const row = page.getByRole('row').filter({ hasText: words.deskSync.losses.causes.evicted })
    await expect(row).toContainText('1–2')
    await expect(row).toContainText('王芳')
  }
})
