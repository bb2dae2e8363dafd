// One person, known twice: enrolled at two stores that could not know of each other, made one by a
// manager, found as one at both counters, and set apart again. Whether the figures are right is
// tested where they are counted.
import { expect, test } from '@playwright/test'
import { duplicates as say } from '../lib/i18n/en/desk-duplicates.ts'
import { inBothThemes } from './accessible.ts'
import { openDesk } from './desk-hand.ts'
import { openShop } from './shop.ts'
import { openTablet } from './tablet-hand.ts'

const PHONE = '13900004321'
const [STAYS, GOES] = ['赵小敏', '赵敏']

test('a person who was enrolled twice is one at every counter', async ({ browser }) => {
  const shop = await openShop()
  const [one, two] = [await openTablet(shop, browser), await openTablet(shop, browser)]
  await one.enrol(0)
  await one.unlock(0)
  await one.create(PHONE, STAYS)
  await one.logVisit('buy')
  await shop.assign(1, [1])
  await two.enrol(1)
  await two.unlock(1)
  await two.create(PHONE, GOES)
  await two.logVisit('browse')
  await one.reads(/Up to date/)
  await two.reads(/Up to date/)

  const desk = await openDesk(shop, browser)
  const page = await desk.newPage()
  await page.goto(`${shop.url}/desk/homes/duplicates`)
  const group = page.getByRole('group', { name: say.group('4321') })
  await expect(group.getByRole('radio')).toHaveCount(2)
  await inBothThemes(page, 'duplicates')
  await group.getByRole('radio', { name: new RegExp(STAYS) }).check()
  await group.getByRole('button', { name: say.merge }).click()
  await page.getByRole('dialog').getByRole('button', { name: say.confirm }).click()
  await expect(page.getByText(say.none)).toBeVisible()

  for (const tablet of [one, two]) {
    await tablet.syncNow()
    await tablet.find('4321', STAYS)
    await expect(tablet.page.getByRole('heading', { name: GOES, exact: true })).toHaveCount(0)
  }
  await two.logVisit('buy')
  await two.reads(/Up to date/)
  await page.getByRole('button', { name: say.undoOf(GOES) }).click()
  await expect(group.getByRole('radio')).toHaveCount(2)
  await two.syncNow()
  await two.find('4321', GOES)
  expect(await shop.verify()).toMatchObject({ differences: 0, postgresDifferences: 0 })
  await shop.close()
})
