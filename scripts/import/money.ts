/** Digits after the point that a currency has: 2 for CNY and USD, 0 for JPY. */
export function minorDigits(currency: string): number {
  const format = new Intl.NumberFormat('en', { style: 'currency', currency })
  return format.resolvedOptions().maximumFractionDigits ?? 2
}

/**
 * An amount as written ("1,234.50", "-3", "77.0100") in minor units, rounded half away from zero,
 * or null when it is no amount. Digits are counted as text: 0.285 is not what a float says it is.
 */
export function parseMinor(text: string, digits: number, point: '.' | ',' = '.'): number | null {
  const other = point === '.' ? ',' : '.'
  const plain = text
    .normalize('NFKC')
    .replace(/[\s\u00a5$€£元]/g, '')
    .replaceAll(other, '')
  const match = /^([+-]?)(\d*)(?:[.,](\d*))?$/.exec(plain)
  if (!match || `${match[2]}${match[3] ?? ''}` === '') return null
  const fraction = (match[3] ?? '').padEnd(digits + 1, '0')
  const kept = Number(`${match[2]}${fraction.slice(0, digits)}`)
  const rounded = kept + (Number(fraction[digits]) >= 5 ? 1 : 0)
  if (!Number.isSafeInteger(rounded)) return null
  return match[1] === '-' && rounded !== 0 ? -rounded : rounded
}
