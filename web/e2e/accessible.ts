import AxeBuilder from '@axe-core/playwright'
import { expect, type Page } from '@playwright/test'

const RULES = ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']

async function expectAccessible(page: Page, name: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).withTags(RULES).analyze()
  const found = violations.map(({ id, nodes }) => `${name}: ${id} at ${nodes[0]?.html ?? ''}`)
  expect(found).toEqual([])
}

/** The page that is open breaks no rule a machine can check, in one theme. */
export async function inTheme(
  page: Page,
  colorScheme: 'light' | 'dark',
  name: string,
): Promise<void> {
  // A colour that is still on its way from one theme to the other is neither's.
  await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
  await expectAccessible(page, `${name} ${colorScheme}`)
}

/** The same in either theme. */
export async function inBothThemes(page: Page, name: string): Promise<void> {
  await inTheme(page, 'light', name)
  await inTheme(page, 'dark', name)
}
