import type { Locale } from '#web/i18n/locale.ts'

/** A store, region or chain with its names. */
interface Named {
  name: string
  name_en: string | null
}

interface Place extends Named {
  scope: string
  level: 'store' | 'region' | 'chain'
  region_id: string | null
}

/** The name in the language on screen; not every place has one in English. */
export function nameIn({ name, name_en }: Named, locale: Locale): string {
  return (locale === 'en' ? name_en : null) ?? name
}

const INDENT = { chain: '', region: '\u2003', store: '\u2003\u2003' } as const

/** The places that one can go to: each region before its stores, as deep as it lies. */
export function placeOptions(
  places: readonly Place[],
  locale: Locale,
): { value: string; label: string }[] {
  const of = (level: Place['level']) => places.filter((one) => one.level === level)
  const option = (one: Place) => ({
    value: one.scope,
    label: INDENT[one.level] + nameIn(one, locale),
  })
  const regions = of('region')
  const known = new Set(regions.map((one) => one.scope))
  const stores = of('store')
  return [
    ...of('chain').map(option),
    ...regions.flatMap((region) => [
      option(region),
      ...stores.filter((one) => one.region_id === region.scope).map(option),
    ]),
    ...stores.filter((one) => one.region_id === null || !known.has(one.region_id)).map(option),
  ]
}

/** The stores among places, by name. */
export function storeChoices(
  places: readonly Pick<Place, 'scope' | 'level' | 'name' | 'name_en'>[],
  locale: Locale,
): { id: string; name: string }[] {
  const names = new Intl.Collator(locale === 'zh' ? 'zh-u-co-pinyin' : 'en', { numeric: true })
  return places
    .filter((one) => one.level === 'store')
    .map((one) => ({ id: one.scope, name: nameIn(one, locale) }))
    .sort((a, b) => names.compare(a.name, b.name))
}
