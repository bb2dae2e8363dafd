import { readPeriod } from '#web/desk/address.ts'
import { loadFor } from '#web/desk/guard.ts'
import { defaultPeriod } from '#web/desk/periods.ts'
import { getScore } from '#web/desk/score-client.ts'
import type { PageLoad } from './$types'

/** The ranking of a period. Filters, order and view change nothing that is fetched. */
export const load: PageLoad = async ({ fetch, url, parent, untrack }) => {
  const asked = url.searchParams.get('period') ?? ''
  const { session } = await parent()
  const fallback = defaultPeriod(session.today)
  const period = readPeriod(new URLSearchParams({ period: asked })) ?? fallback
  const from = untrack(() => new URL(url))
  return { report: await loadFor(from, () => getScore(fetch, period, null)), fallback }
}
