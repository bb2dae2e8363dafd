import { loadFor } from '#web/desk/guard.ts'
import { getDevice } from '#web/desk/sync-client.ts'
import type { PageLoad } from './$types'

/** One device: how it is, its last week by the hour, what happened to it, what it lost. */
export const load: PageLoad = async ({ fetch, url, params, untrack }) => {
  const from = untrack(() => new URL(url))
  return { report: await loadFor(from, () => getDevice(fetch, params.id)) }
}
