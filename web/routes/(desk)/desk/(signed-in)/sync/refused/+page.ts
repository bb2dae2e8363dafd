import { readRefusedView } from '#web/desk/address.ts'
import { loadFor } from '#web/desk/guard.ts'
import { getRefused } from '#web/desk/sync-client.ts'
import type { PageLoad } from './$types'

/** Refused ops that wait, or those that were decided on; of all devices or of one. */
export const load: PageLoad = async ({ fetch, url, untrack }) => {
  const { state, device } = readRefusedView(url.searchParams)
  const from = untrack(() => new URL(url))
  return { refused: await loadFor(from, () => getRefused(fetch, device, state)) }
}
