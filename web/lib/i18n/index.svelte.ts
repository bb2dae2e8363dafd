import { en } from './en.ts'
import { pickLocale, type Locale } from './locale.ts'
import { zh, type Messages } from './zh.ts'

/** Where a choice outlives the page: localStorage in the browser, a Map-like in tests. */
export interface Preferences {
  getItem(key: string): string | null
  setItem(key: string, value: string): void
}

const localeKey = 'regulars.locale'
const dictionaries: Record<Locale, Messages> = { zh, en }

let current = $state<Locale>('zh')
let kept: Preferences | undefined

/** Picks the language once, before the first paint. `languages` are the reader's, best first. */
export function startLocale(preferences: Preferences, languages: readonly string[]): void {
  kept = preferences
  current = pickLocale(preferences.getItem(localeKey), languages)
}

export function setLocale(next: Locale): void {
  current = next
  kept?.setItem(localeKey, next)
}

/** The language on screen. Reactive: a template that reads it is drawn again when it changes. */
export function locale(): Locale {
  return current
}

/** The messages of the language on screen: `t().common.undo`. Reactive like `locale()`. */
export function t(): Messages {
  return dictionaries[current]
}
