/**
 * One or two characters that stand for a person. Of a Han name the last two, which is how people
 * call each other and tells ten named 王 apart; of other names the first letters of the first and
 * the last word.
 */
export function initials(name: string): string {
  const trimmed = name.trim()
  const han = [...trimmed].filter((character) => /\p{Script=Han}/u.test(character))
  if (han.length > 0) return han.slice(-2).join('')
  const words = trimmed.split(/\s+/)
  const first = [...(words[0] ?? '')][0] ?? ''
  const last = words.length > 1 ? ([...(words.at(-1) ?? '')][0] ?? '') : ''
  return (first + last).toUpperCase()
}
