// The first download, cut off in the middle: its progress is told in words, customers are found
// before it is whole, and a reload fetches no part again that is here. How long the page is held up
// by it the bench measures: on a busy machine a test cannot tell the page's work from waiting.
import { expect, test } from '@playwright/test'
import type { Manifest } from '#model/protocol.ts'
import { PART_CUSTOMERS } from '#model/part.ts'
import { formatBytes, formatNumber } from '#web/i18n/format.ts'
import { openShop } from './shop.ts'
import { openTablet, words } from './tablet-hand.ts'
import { type Fate, layWire, type Wire } from './wire.ts'

const { outbox } = words.clerk
const PARTS = 3
const CUSTOMERS = PARTS * PART_CUSTOMERS
/** The parts hold those first who came last: somebody of the first and of the last part. */
const RECENT = { digits: '9595', name: '刘洋' }
const LONG_AGO = { digits: '1676', name: '曾国藩' }

let shop: Wire
test.beforeAll(async () => {
  shop = await layWire(await openShop(CUSTOMERS))
})
test.afterAll(() => shop.close())

/** The number of the part that a path asks for; null for any other path. */
function partOf(path: string): number | null {
  const found = /^\/api\/sync\/part\/\d+\/(\d+)$/.exec(path)
  return found ? Number(found[1]) : null
}

/** How far a download has come with its first part, as the tablet's screens say it. */
function firstPartWords({ parts }: Manifest) {
  const sum = (what: 'rows' | 'bytes', list: Manifest['parts']) =>
    list.reduce((total, part) => total + part[what], 0)
  const [first] = parts
  const rows = (list: Manifest['parts']) => formatNumber(sum('rows', list), 'en')
  const bytes = (list: Manifest['parts']) => formatBytes(sum('bytes', list), 'en')
  const here = first ? [first] : []
  return {
    badge: words.sync.tablet.receiving(rows(here), rows(parts)),
    rows: outbox.downProgress(rows(here), rows(parts)),
    bytes: outbox.downBytes(bytes(here), bytes(parts)),
  }
}

test('a first download goes on where it was cut off, and serves from its first part on', async ({
  browser,
}) => {
  const asked: number[] = []
  let manifest: Manifest = { feed: '', epoch: '', seq: 0, parts: [] }
  const readManifest = (text: string) => {
    manifest = JSON.parse(text) as Manifest
    return text
  }
  const noteParts =
    (isHeld: (part: number) => boolean) =>
    (path: string): Fate => {
      if (path === '/api/sync/snapshot') return readManifest
      const part = partOf(path)
      if (part !== null) asked.push(part)
      return part !== null && isHeld(part) ? 'swallow' : 'pass'
    }
  shop.fate = noteParts((part) => part > 0)
  const tablet = await openTablet(shop, browser)
  await tablet.enrol(0)
  await tablet.unlock(0)
  const said = firstPartWords(manifest)
  await tablet.reads(said.badge)
  await tablet.find(RECENT.digits, RECENT.name)
  await tablet.page.locator('a.sync-badge').click()
  const main = tablet.page.getByRole('main')
  await expect(main.getByText(said.rows)).toBeVisible()
  await expect(main.getByText(said.bytes)).toBeVisible()
  expect(asked.sort()).toEqual([0, 1, 2])

  asked.length = 0
  shop.fate = noteParts(() => false)
  await tablet.page.reload()
  await tablet.reads(/Up to date/)
  await expect(main.getByText(said.rows)).toHaveCount(0)
  expect(asked.sort()).toEqual([1, 2])
  await tablet.find(LONG_AGO.digits, LONG_AGO.name)
})
