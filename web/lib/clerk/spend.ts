import { digitsOf } from '#model/phone.ts'

/** Decimals of a currency's amounts: 2 for CNY, 0 for JPY. */
function decimalsOf(currency: string): number {
  const options = { style: 'currency', currency } as const
  return new Intl.NumberFormat('en', options).resolvedOptions().maximumFractionDigits ?? 2
}

/**
 * An amount as a person types it, in minor units: `128` → 12800, `1,280.5` → 128050. Null for an
 * empty field, undefined for what is no amount; more decimals than the currency has are none.
 */
export function parseSpend(text: string, currency: string): number | null | undefined {
  const typed = text.normalize('NFKC').replace(/[\s,¥$€£]/g, '')
  if (typed === '') return null
  const match = /^(-?)(\d{1,9})(?:\.(\d*))?$/.exec(typed)
  const decimals = decimalsOf(currency)
  if (!match || (match[3] ?? '').length > decimals) return undefined
  const minor = Number((match[2] ?? '0') + (match[3] ?? '').padEnd(decimals, '0'))
  return match[1] ? -minor : minor
}

/** Minor units as the field shows them again: 12850 → `128.50`, 12800 → `128`. */
export function spendText(minor: number | null, currency: string): string {
  if (minor === null) return ''
  const decimals = decimalsOf(currency)
  const major = (minor / 10 ** decimals).toFixed(decimals)
  return major.replace(/\.0+$/, '')
}

/** A count as typed: null when empty, undefined when it is no whole number up to 9,999. */
export function parseItems(text: string): number | null | undefined {
  const typed = text.normalize('NFKC').trim()
  if (typed === '') return null
  return /^\d{1,4}$/.test(typed) ? Number(digitsOf(typed)) : undefined
}
