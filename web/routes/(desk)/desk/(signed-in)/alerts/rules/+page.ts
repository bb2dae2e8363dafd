import { getRules } from '#web/desk/alerts-client.ts'
import { loadFor } from '#web/desk/guard.ts'
import type { PageLoad } from './$types'

export const load: PageLoad = async ({ fetch, url, untrack }) => {
  const from = untrack(() => new URL(url))
  return { rules: await loadFor(from, () => getRules(fetch)) }
}
