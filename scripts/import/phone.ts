import {
  type CountryCode,
  isSupportedCountry,
  parsePhoneNumberFromString,
} from 'libphonenumber-js/min'
import { normalisePhone } from '#model/phone.ts'

function isCountry(country: string): country is CountryCode {
  return isSupportedCountry(country)
}

/**
 * A phone in E.164, read by the number plan of its country, or null when it cannot be dialled.
 * "Possible" is asked, not "valid": plans grow faster than tables of them.
 */
export function readPhone(text: string, country: string): string | null {
  const plain = text.normalize('NFKC')
  if (!isCountry(country) && !plain.trim().startsWith('+'))
    return normalisePhone(plain, country)?.e164 ?? null
  const found = parsePhoneNumberFromString(
    plain.replace(/^\s*00/, '+'),
    isCountry(country) ? { defaultCountry: country } : {},
  )
  return found?.isPossible() ? found.number : null
}
