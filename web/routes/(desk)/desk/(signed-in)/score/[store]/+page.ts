import { readPeriod } from '#web/desk/address.ts'
import { loadFor } from '#web/desk/guard.ts'
import { defaultPeriod } from '#web/desk/periods.ts'
import { getScoreTrace } from '#web/desk/score-client.ts'
import type { PageLoad } from './$types'

/** How one store's score came about. */
export const load: PageLoad = async ({ fetch, url, params, parent, untrack }) => {
  const asked = url.searchParams.get('period') ?? ''
  const { session } = await parent()
  const period = readPeriod(new URLSearchParams({ period: asked })) ?? defaultPeriod(session.today)
  const from = untrack(() => new URL(url))
  return { trace: await loadFor(from, () => getScoreTrace(fetch, params.store, period)), period }
}
