import type { Locale } from '#web/i18n/locale.ts'

/** A store's name in the language on screen; not every store has one in English. */
export function storeNameOf(
  row: { store_name: string; store_name_en: string | null },
  locale: Locale,
): string {
  return (locale === 'en' ? row.store_name_en : null) ?? row.store_name
}
