import { startLocale, type Preferences } from '#web/i18n/index.svelte.ts'
import { startTheme } from '#web/ui/theme.svelte.ts'

// The app is drawn on the device only: it must start with no network, from what the worker keeps.
export const ssr = false
export const prerender = false

// A browser may forbid storage altogether. Language and theme then last as long as the page.
function openPreferences(): Preferences {
  try {
    const storage = window.localStorage
    storage.getItem('regulars.locale')
    return storage
  } catch {
    const kept = new Map<string, string>()
    return {
      getItem: (key) => kept.get(key) ?? null,
      setItem: (key, value) => kept.set(key, value),
    }
  }
}

const preferences = openPreferences()
startLocale(preferences, navigator.languages)
startTheme(preferences)
