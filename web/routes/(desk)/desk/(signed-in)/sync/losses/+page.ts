import { loadFor } from '#web/desk/guard.ts'
import { getLosses } from '#web/desk/sync-client.ts'
import type { PageLoad } from './$types'

/** The loss ledger: what never arrived, open or closed. */
export const load: PageLoad = async ({ fetch, url, untrack }) => {
  const state: 'open' | 'closed' = url.searchParams.get('state') === 'closed' ? 'closed' : 'open'
  const from = untrack(() => new URL(url))
  return { state, losses: await loadFor(from, () => getLosses(fetch, state)) }
}
