/** A phone as people wrote it, and as it is compared. */
export interface Phone {
  /** `+8613812345678`, or the digits alone when no country could be told. */
  e164: string
  digits: string
}

/** Full-width digits and the usual marks are understood; anything else is left out. */
export function digitsOf(text: string): string {
  return text.normalize('NFKC').replace(/\D/g, '')
}

const CALLING_CODES: Record<string, { code: string; lengths: number[]; trunk: string }> = {
  CN: { code: '86', lengths: [11, 10, 12], trunk: '0' },
  US: { code: '1', lengths: [10], trunk: '1' },
  CA: { code: '1', lengths: [10], trunk: '1' },
  MX: { code: '52', lengths: [10], trunk: '' },
  JP: { code: '81', lengths: [9, 10], trunk: '0' },
  GB: { code: '44', lengths: [10], trunk: '0' },
  HK: { code: '852', lengths: [8], trunk: '' },
}

/**
 * A phone in E.164 by the store's country, without a table of every number plan: the tablet needs
 * it offline. The server checks imported numbers with the full table. Null when no number is there.
 */
export function normalisePhone(text: string, country: string): Phone | null {
  const international = /^\s*(?:\+|00)/.test(text.normalize('NFKC'))
  const digits = digitsOf(text).replace(/^00/, '')
  if (digits.length < 4 || digits.length > 15) return null
  if (international) return { e164: `+${digits}`, digits }
  const plan = CALLING_CODES[country]
  if (!plan) return { e164: digits, digits }
  if (digits.startsWith(plan.code) && plan.lengths.includes(digits.length - plan.code.length))
    return { e164: `+${digits}`, digits }
  const national =
    plan.trunk && digits.startsWith(plan.trunk) ? digits.slice(plan.trunk.length) : digits
  if (!plan.lengths.includes(national.length)) return { e164: digits, digits }
  return { e164: `+${plan.code}${national}`, digits: `${plan.code}${national}` }
}
