import type { ScoreRow } from '#model/report-score.ts'
import type { Locale } from '#web/i18n/locale.ts'
import { nameOf } from './stores-table.ts'

/** Compares rows by the place of their names in the alphabet of the language. */
export function rankScoreNames(
  rows: readonly ScoreRow[],
  locale: Locale,
): (a: ScoreRow, b: ScoreRow) => number {
  const names = new Intl.Collator(locale === 'zh' ? 'zh-u-co-pinyin' : 'en', { numeric: true })
  const sorted = rows.toSorted((a, b) => names.compare(nameOf(a, locale), nameOf(b, locale)))
  const places = new Map(sorted.map(({ scope }, place) => [scope, place]))
  return (a, b) => (places.get(a.scope) ?? 0) - (places.get(b.scope) ?? 0)
}
