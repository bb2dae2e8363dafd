import { getAlert } from '#web/desk/alerts-client.ts'
import { loadFor } from '#web/desk/guard.ts'
import type { PageLoad } from './$types'

export const load: PageLoad = async ({ fetch, url, params, untrack }) => {
  const from = untrack(() => new URL(url))
  return { detail: await loadFor(from, () => getAlert(fetch, params.id)) }
}
