import type { AlertRule } from '#model/alert-rule.ts'
import type { RulesReport } from '#model/report-alerts.ts'
import type { Locale } from '#web/i18n/locale.ts'
import { storeNameOf } from './store-name.ts'
import type { DeskMessages } from './words.ts'

/** What a kind of scope can name, in the language on screen. */
export function scopeChoices(
  kind: AlertRule['scope_kind'],
  { regions, formats, stores }: Pick<RulesReport, 'regions' | 'formats' | 'stores'>,
  locale: Locale,
): { id: string; name: string }[] {
  switch (kind) {
    case 'all':
      return []
    case 'region':
      return regions.map(({ id, name, name_en }) => {
        return { id, name: (locale === 'en' ? name_en : null) ?? name }
      })
    case 'format':
      return formats.map((format) => ({ id: format, name: format }))
    case 'stores':
      return stores
        .map((store) => ({ id: store.store_id, name: storeNameOf(store, locale) }))
        .sort((a, b) => a.name.localeCompare(b.name, locale))
  }
}

/** `全部门店`, or the names of what a rule is for. */
export function scopeWords(
  { scope_kind, scope_ids }: Pick<AlertRule, 'scope_kind' | 'scope_ids'>,
  report: RulesReport,
  say: DeskMessages['alerts'],
  locale: Locale,
): string {
  if (scope_kind === 'all') return say.scopeAll
  const names = new Map(scopeChoices(scope_kind, report, locale).map(({ id, name }) => [id, name]))
  const list = new Intl.ListFormat(locale, { type: 'unit', style: 'short' })
  return say.scopeOf(list.format(scope_ids.map((id) => names.get(id) ?? id)))
}
