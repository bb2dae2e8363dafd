/** A count with its noun: `1 day`, `12 days`. Only for nouns that take a plain s. */
export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
