import { loadFor } from '#web/desk/guard.ts'
import { getSync } from '#web/desk/sync-client.ts'
import type { LayoutLoad } from './$types'

/** The fleet, which every page of the dashboard shows in one line. */
export const load: LayoutLoad = async ({ fetch, url, untrack }) => {
  const from = untrack(() => new URL(url))
  return { fleet: await loadFor(from, () => getSync(fetch)) }
}
