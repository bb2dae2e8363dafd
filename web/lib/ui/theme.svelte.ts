import type { Preferences } from '../i18n/index.svelte.ts'

export type Theme = 'system' | 'light' | 'dark'

const themeKey = 'regulars.theme'
const papers = { light: '#FBFAF7', dark: '#141816' } as const

let current = $state<Theme>('system')
let kept: Preferences | undefined

function isTheme(value: unknown): value is Theme {
  return value === 'system' || value === 'light' || value === 'dark'
}

/** Takes up the choice made before. Call it once, before the first paint. */
export function startTheme(preferences: Preferences): void {
  kept = preferences
  const saved = preferences.getItem(themeKey)
  current = isTheme(saved) ? saved : 'system'
  paintTheme()
}

export function theme(): Theme {
  return current
}

export function setTheme(next: Theme): void {
  current = next
  kept?.setItem(themeKey, next)
  paintTheme()
}

// The style sheet follows the attribute. The bar of the system does not read style sheets, so its
// colour is set by hand, per scheme when the system decides.
function paintTheme(): void {
  const root = document.documentElement
  if (current === 'system') root.removeAttribute('data-theme')
  else root.setAttribute('data-theme', current)
  for (const meta of document.querySelectorAll<HTMLMetaElement>('meta[name="theme-color"]')) {
    const own = meta.media.includes('dark') ? 'dark' : 'light'
    meta.content = papers[current === 'system' ? own : current]
  }
}
