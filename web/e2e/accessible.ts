import AxeBuilder from '@axe-core/playwright'
import { expect, type Page } from '@playwright/test'

const RULES = ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']
/** A page that is being drawn anew is looked at once more; what is wrong stays wrong. */
const LOOKS = { intervals: [500], timeout: 15_000 }

/** What breaks a rule, with the place and, where a colour is wrong, with the colours. */
async function brokenRules(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).withTags(RULES).analyze()
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, any }) => `${id} at ${html} ${any[0]?.message ?? ''}`),
  )
}

/** The page that is open breaks no rule a machine can check, in one theme. */
export async function inTheme(
  page: Page,
  colorScheme: 'light' | 'dark',
  name: string,
): Promise<void> {
  // A colour that is still on its way from one theme to the other is neither's.
  await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
  await expect(async () => {
    expect(await brokenRules(page), `${name} ${colorScheme}`).toEqual([])
  }).toPass(LOOKS)
}

/** The same in either theme. */
export async function inBothThemes(page: Page, name: string): Promise<void> {
  await inTheme(page, 'light', name)
  await inTheme(page, 'dark', name)
}
