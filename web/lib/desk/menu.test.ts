// What is at stake: a page that a role can open and cannot find, or one that it finds and may not.
import { expect, test } from 'vitest'
import { currentHref, menuOf } from './menu.ts'
import { messagesIn } from './words.ts'

const hrefs = (role: Parameters<typeof menuOf>[0]) =>
  menuOf(role, messagesIn('zh')).flatMap(({ items }) => items.map(({ href }) => href))

test('every page stands in the menu once, and the chain’s records for headquarters alone', () => {
  const all = hrefs('hq')
  expect(new Set(all).size).toBe(all.length)
  expect(hrefs('admin')).toEqual(all)
  for (const role of ['regional', 'store-manager'] as const)
    expect(hrefs(role)).toEqual(all.filter((href) => href !== '/admin'))
})

test('the menu has so few groups that a phone holds them, and none of them is empty', () => {
  for (const language of ['zh', 'en'] as const)
    for (const role of ['hq', 'regional'] as const) {
      const groups = menuOf(role, messagesIn(language))
      expect(groups.length).toBeLessThanOrEqual(5)
      expect(groups.filter(({ items }) => items.length === 0)).toEqual([])
    }
})

test('the page on screen is the one with the longest address that leads to it', () => {
  const groups = menuOf('hq', messagesIn('en'))
  expect(currentHref(groups, '/desk/stores/chain/customers')).toBe('/desk/stores')
  expect(currentHref(groups, '/admin/people')).toBe('/admin')
  expect(currentHref(groups, '/desk/storesroom')).toBeUndefined()
})
