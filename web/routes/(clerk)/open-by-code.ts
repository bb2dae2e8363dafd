import { goto } from '$app/navigation'
import type { Lookup } from '#web/local/lookup.ts'
import { find } from './find-state.svelte.ts'

function same(a: string | null, b: string): boolean {
  return a?.normalize('NFKC').toLowerCase() === b.normalize('NFKC').toLowerCase()
}

/** Opens the customer whose card was scanned; a code that names nobody becomes a search. */
export async function openByCode(lookup: Lookup, code: string): Promise<void> {
  const owners = lookup.search(code).filter((entry) => same(entry.card, code))
  const [owner] = owners
  if (owner && owners.length === 1) {
    find.reset()
    return goto(`/c/${owner.id}`)
  }
  find.mode = 'text'
  find.text = code
  return goto('/')
}
