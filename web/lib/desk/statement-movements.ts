import type { MovementsReport } from '#model/report.ts'
import type { Locale } from '#web/i18n/locale.ts'
import type { DeskMessages } from './words.ts'
import type { MovementSort, MovementsView } from './statement-address.ts'

export type MovementRow = MovementsReport['rows'][number]

export interface MovementWords {
  storeName: (storeId: string) => string
  lines: DeskMessages['statement']['lines']
}

type Key = string | number | null

function keyOf(row: MovementRow, by: MovementSort, words: MovementWords): Key {
  switch (by) {
    case 'day':
      return row.day
    case 'kind':
      return words.lines[row.kind]
    case 'customer':
      return row.name
    case 'store':
      return words.storeName(row.store_id)
    case 'counterparty':
      return row.counterparty === null ? null : words.storeName(row.counterparty)
    case 'value':
      return row.value_minor
  }
}

/** In the chosen order. Equals keep the server's, and those without a name stand last. */
export function sortMovements(
  rows: readonly MovementRow[],
  { by, descending }: MovementsView['sort'],
  words: MovementWords,
  locale: Locale,
): MovementRow[] {
  const names = new Intl.Collator(locale === 'zh' ? 'zh-u-co-pinyin' : 'en', { numeric: true })
  const sign = descending ? -1 : 1
  return rows
    .map((row) => ({ row, key: keyOf(row, by, words) }))
    .sort(({ key: a }, { key: b }) => {
      if (a === null || b === null) return Number(a === null) - Number(b === null)
      if (typeof a === 'number' && typeof b === 'number') return sign * (a - b)
      return sign * names.compare(String(a), String(b))
    })
    .map(({ row }) => row)
}

/** The end of an id: enough to tell two people of one name apart. */
export function shortId(id: string): string {
  return id.slice(-6)
}
