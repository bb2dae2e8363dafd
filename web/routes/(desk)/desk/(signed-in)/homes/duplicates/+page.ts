import { loadFor } from '#web/desk/guard.ts'
import { getDuplicates } from '#web/desk/duplicates-client.ts'
import type { PageLoad } from './$types'

/** Customers of the reader's stores who may be known twice. */
export const load: PageLoad = async ({ fetch, url, untrack }) => {
  const from = untrack(() => new URL(url))
  return { duplicates: await loadFor(from, () => getDuplicates(fetch)) }
}
