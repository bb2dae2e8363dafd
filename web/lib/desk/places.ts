import { localeTags, type Locale } from '#web/i18n/locale.ts'

// Zones, currencies and countries as the browser knows them: no list of ours can go stale.

export interface Choice {
  value: string
  label: string
}

export function zones(): string[] {
  return Intl.supportedValuesOf('timeZone')
}

function named(codes: readonly string[], type: 'region' | 'currency', locale: Locale): Choice[] {
  const names = new Intl.DisplayNames(localeTags[locale], { type, fallback: 'none' })
  const order = new Intl.Collator(localeTags[locale])
  return codes
    .flatMap((value) => {
      const name = names.of(value)
      return name === undefined || name === value ? [] : [{ value, label: `${name} · ${value}` }]
    })
    .sort((a, b) => order.compare(a.label, b.label))
}

export function currencies(locale: Locale): Choice[] {
  return named(Intl.supportedValuesOf('currency'), 'currency', locale)
}

const LETTERS = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ']
// Named by the tables of names, but no country: unions, and codes kept for tests.
const NO_COUNTRY = new Set(['EU', 'EZ', 'UN', 'ZZ', 'XA', 'XB', 'QO'])

export function countries(locale: Locale): Choice[] {
  const codes = LETTERS.flatMap((first) => LETTERS.map((second) => first + second))
  // A code that was withdrawn is read as its successor, which is in the list under its own code.
  const current = codes.filter((code) => new Intl.Locale(`und-${code}`).region === code)
  return named(
    current.filter((code) => !NO_COUNTRY.has(code)),
    'region',
    locale,
  )
}

/** A first guess at the country of whoever sets up the chain: the region of their languages. */
export function guessCountry(languages: readonly string[]): string {
  for (const language of languages) {
    const region = new Intl.Locale(language).maximize().region
    if (region) return region
  }
  return 'CN'
}

const CURRENCY_OF = new Map([
  ['CN', 'CNY'],
  ['HK', 'HKD'],
  ['TW', 'TWD'],
  ['MO', 'MOP'],
  ['SG', 'SGD'],
  ['JP', 'JPY'],
  ['US', 'USD'],
  ['GB', 'GBP'],
  ['CA', 'CAD'],
  ['AU', 'AUD'],
])

/** A first guess that the form lets one change: the country's own, else the euro. */
export function guessCurrency(country: string): string {
  return CURRENCY_OF.get(country) ?? 'EUR'
}
