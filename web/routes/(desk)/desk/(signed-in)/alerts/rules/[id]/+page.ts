import { getRules } from '#web/desk/alerts-client.ts'
import { loadFor } from '#web/desk/guard.ts'
import type { PageLoad } from './$types'

/** A rule of the chain; the word `new` stands for one that is not written yet. */
export const load: PageLoad = async ({ fetch, url, params, untrack }) => {
  const from = untrack(() => new URL(url))
  return { rules: await loadFor(from, () => getRules(fetch)), id: params.id }
}
