import type { Lookup } from '#web/local/lookup.ts'
import { find } from './find-state.svelte.ts'

function same(a: string | null, b: string): boolean {
  return a?.normalize('NFKC').toLowerCase() === b.normalize('NFKC').toLowerCase()
}

/** Where a scanned card leads: to its owner, or to a search when it names nobody or several. */
export function pathOfCode(lookup: Lookup, code: string): string {
  const owners = lookup.search(code).filter((entry) => same(entry.card, code))
  const [owner] = owners
  if (owner && owners.length === 1) {
    find.reset()
    return `/c/${owner.id}`
  }
  find.mode = 'text'
  find.text = code
  return '/'
}
