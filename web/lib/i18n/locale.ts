export type Locale = 'zh' | 'en'

/** The tag for `<html lang>` and Intl. Mainland Chinese glyphs and plain international English. */
export const localeTags: Record<Locale, string> = { zh: 'zh-CN', en: 'en-GB' }

export function isLocale(value: unknown): value is Locale {
  return value === 'zh' || value === 'en'
}

/**
 * The language to begin with: the one chosen before, else the first of the reader's languages that
 * has a dictionary, else Chinese, which every store of the chain can read.
 */
export function pickLocale(saved: string | null, languages: readonly string[]): Locale {
  if (isLocale(saved)) return saved
  for (const language of languages) {
    const primary = language.toLowerCase().split('-')[0]
    if (isLocale(primary)) return primary
  }
  return 'zh'
}
