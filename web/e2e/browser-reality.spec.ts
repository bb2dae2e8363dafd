// What browsers and tablets do to a site's data: how surely a write is kept, what is promised to
// last, no more room, data cleared, a clock that is wrong. Each test reads what the clerk reads and
// asks the server's books whether anything is missing or there twice. Chromium only, and its own
// ways of failing; other browsers word it differently.
import { readFileSync } from 'node:fs'
import { type BrowserContext, expect, type Locator, test, type Worker } from '@playwright/test'
import { businessDay, DAY_MS, dayText } from '#model/calendar.ts'
import type { SelfReply } from '#model/protocol.ts'
import { formatDuration } from '#web/i18n/format.ts'
import { openDesk, valuesOf } from './desk-hand.ts'
import { openShop } from './shop.ts'
import { openTablet, type TabletHand, words } from './tablet-hand.ts'
import { forPush, layWire, type Wire } from './wire.ts'

const { outbox } = words.clerk
const UNREACHABLE = forPush({ status: 502 })
/** Of the test chain's stores, as of all that are not told another hour. */
const DAY_BEGINS_MINUTES = 240
const SMALL_QUOTA_BYTES = 12_000_000
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

async function start(tablet: TabletHand): Promise<void> {
  await tablet.enrol(0)
  await tablet.unlock(0)
  await tablet.reads(/Up to date/)
}

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
  await start(tablet)
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
    const page = await desk.newPage()
    await page.goto(`${shop.url}/desk/sync/losses`)
    const row = page.getByRole('row').filter({ hasText: words.deskSync.losses.causes.evicted })
    await expect(row).toContainText('1–2')
    await expect(row).toContainText('王芳')
  }
})

/** Notes how surely each transaction that writes to the app's database is to be kept. */
function noteWrites(): void {
  const { prototype } = IDBDatabase
  const written: string[] = []
  const begin = prototype.transaction
  prototype.transaction = function (...asked) {
    const transaction = begin.apply(this, asked)
    if (this.name === 'regulars' && transaction.mode === 'readwrite')
      written.push(transaction.durability)
    return transaction
  }
  Object.assign(globalThis, { written })
}

function notedWrites(where: Pick<Worker, 'evaluate'>): Promise<string[]> {
  return where.evaluate(() => Reflect.get(globalThis, 'written') as string[])
}

test('what a clerk saves, and the server’s answer to it, is written to last', async ({
  browser,
}) => {
  const isWorker = (path: string) => path.startsWith('/_app/immutable/workers/')
  shop.fate = (path) => (isWorker(path) ? (text) => `(${noteWrites})();${text}` : 'pass')
  const tablet = await openTablet(shop, browser)
  await tablet.context.addInitScript(noteWrites)
  await start(tablet)
  const [worker] = tablet.page.workers()
  if (!worker) throw new Error('no worker syncs')
  const notes = () => Promise.all([tablet.page, worker].map(notedWrites))
  const [savedBefore = [], takenBefore = []] = await notes()
  await tablet.find(KNOWN.digits, KNOWN.name)
  await tablet.logVisit('buy')
  await expect(async () => {
    const [saved = [], taken = []] = await notes()
    expect(saved.length).toBeGreaterThan(savedBefore.length)
    expect(taken.length).toBeGreaterThan(takenBefore.length)
  }).toPass({ timeout: 10_000 })
  expect([...new Set((await notes()).flat())]).toEqual(['strict'])
})

/** What the browser answers whoever asks it to keep a site's data for good. */
async function willAnswer({ context, page }: TabletHand, setting: 'granted' | 'denied') {
  const { targetInfo } = await (await context.newCDPSession(page)).send('Target.getTargetInfo')
  const devtools = await context.browser()?.newBrowserCDPSession()
  await devtools?.send('Browser.setPermission', {
    permission: { name: 'persistent-storage' },
    setting,
    origin: shop.url,
    ...(targetInfo.browserContextId ? { browserContextId: targetInfo.browserContextId } : {}),
  })
}

/** Each answer of the browser to the app's asking to keep its data. */
async function noteAnswers({ context }: TabletHand): Promise<boolean[]> {
  const answers: boolean[] = []
  await context.exposeFunction('noteAnswer', (answer: boolean) => answers.push(answer))
  await context.addInitScript(() => {
    const note = Reflect.get(globalThis, 'noteAnswer') as (answer: boolean) => Promise<void>
    const { prototype } = StorageManager
    const ask = prototype.persist
    prototype.persist = async function () {
      const answer = await ask.call(this)
      await note(answer)
      return answer
    }
  })
  return answers
}

/** What headquarters reads of this tablet. */
async function openFacts({ context }: TabletHand): Promise<(name: string) => Locator> {
  const answer = await context.request.get(`${shop.url}/api/devices/self`)
  const { device_id } = (await answer.json()) as SelfReply
  const page = await desk.newPage()
  await page.goto(`${shop.url}/desk/sync/devices/${device_id}`)
  return (name) => page.locator('dl div').filter({ hasText: name })
}

test('the browser is asked to keep the data; its answer stands here and at headquarters', async ({
  browser,
}) => {
  const { persisted, yes, no } = words.deskSync.page
  const tell = async (setting: 'granted' | 'denied', here: string, there: string) => {
    const tablet = await openTablet(shop, browser)
    await willAnswer(tablet, setting)
    const answers = await noteAnswers(tablet)
    await start(tablet)
    expect(answers).toEqual([setting === 'granted'])
    await report(tablet)
    await expect(tablet.page.getByText(here)).toBeVisible()
    const fact = await openFacts(tablet)
    await expect(fact(persisted)).toContainText(there)
  }
  await Promise.all([
    tell('granted', outbox.persisted, yes),
    tell('denied', outbox.notPersisted, no),
  ])
})

/** Every script of the app, in page and worker, finds the tablet's clock a day slow. */
const SLOW_CLOCK = `if (!globalThis.isSlow) {
  const Right = Date
  globalThis.isSlow = true
  globalThis.Date = class extends Right {
    constructor(...given) { super(...(given.length > 0 ? given : [Right.now() - ${DAY_MS}])) }
    static now() { return Right.now() - ${DAY_MS} }
  }
};`
const isScript = (path: string) => path.startsWith('/_app/') && path.endsWith('.js')

test('a clock a day slow is told here and at headquarters, and stops and misdates nothing', async ({
  browser,
}) => {
  const [store = ''] = shop.stores
  const visitsToday = async () => {
    const today = dayText(businessDay(Date.now(), 'Asia/Shanghai', DAY_BEGINS_MINUTES))
    return (await valuesOf(shop, desk, store, `${today}..${today}`)).visits ?? 0
  }
  const before = await visitsToday()
  shop.fate = (path) => (isScript(path) ? (text) => SLOW_CLOCK + text : 'pass')
  const tablet = await openTablet(shop, browser)
  await start(tablet)
  expect(await tablet.page.evaluate(() => Date.now())).toBeLessThan(Date.now() - DAY_MS / 2)
  const aDay = formatDuration(DAY_MS, 'en')
  await expect(tablet.page.getByText(outbox.clock(aDay))).toBeVisible()
  await tablet.find('5838', '李敏')
  await tablet.logVisit('buy')
  await tablet.reads(/Up to date/)
  await expect.poll(visitsToday, { timeout: 20_000 }).toBe(before + 1)
  const fact = await openFacts(tablet)
  await expect(fact(words.deskSync.page.clock)).toContainText(aDay)
})
