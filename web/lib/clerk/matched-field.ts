import { digitsOf } from '#model/phone.ts'
import { type LookupEntry, parseQuery } from '#model/search-text.ts'

/**
 * The card or second phone by which an answer was found, when what the row shows anyway would not
 * tell why it is there; null when it does.
 */
export function matchedField(
  entry: Pick<LookupEntry, 'phone' | 'phone_alt' | 'card'>,
  input: string,
): { field: 'card' | 'phone_alt'; value: string } | null {
  const query = parseQuery(input)
  if (!query || digitsOf(entry.phone ?? '').endsWith(query.text)) return null
  const card = entry.card?.normalize('NFKC').toLowerCase() ?? ''
  const isHead = card.startsWith(query.text)
  if (entry.card && (isHead || card.endsWith(query.text)))
    return { field: 'card', value: entry.card }
  if (entry.phone_alt && digitsOf(entry.phone_alt).endsWith(query.text))
    return { field: 'phone_alt', value: entry.phone_alt }
  return null
}
