import { loadFor } from '#web/desk/guard.ts'
import { getHomeProposals } from '#web/desk/homes-client.ts'
import type { PageLoad } from './$types'

/** Customers of the reader's stores whose visits speak for another home. */
export const load: PageLoad = async ({ fetch, url, untrack }) => {
  const from = untrack(() => new URL(url))
  return { proposals: await loadFor(from, () => getHomeProposals(fetch)) }
}
