import { getComparison } from '#web/desk/compare-client.ts'
import { readWith } from '#web/desk/compare-address.ts'
import { readPeriod } from '#web/desk/address.ts'
import { loadFor } from '#web/desk/guard.ts'
import { defaultPeriod } from '#web/desk/periods.ts'
import { getSync } from '#web/desk/sync-client.ts'
import type { PageLoad } from './$types'

/** All stores over thirteen periods, and the fleet, which says how far they can be trusted. */
export const load: PageLoad = async ({ fetch, url, parent, untrack }) => {
  const asked = new URLSearchParams({
    period: url.searchParams.get('period') ?? '',
    vs: url.searchParams.get('vs') ?? '',
  })
  const { session } = await parent()
  const fallback = defaultPeriod(session.today)
  const period = readPeriod(asked) ?? fallback
  const from = untrack(() => new URL(url))
  const [report, fleet] = await Promise.all([
    loadFor(from, () => getComparison(fetch, { period, vs: readWith(asked) })),
    loadFor(from, () => getSync(fetch)),
  ])
  return { report, fleet: fleet.ok ? fleet.value : null, fallback }
}
