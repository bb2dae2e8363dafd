import { readPeriod } from '#web/desk/address.ts'
import { getStores } from '#web/desk/client.ts'
import { loadFor } from '#web/desk/guard.ts'
import { defaultPeriod } from '#web/desk/periods.ts'
import { getSync } from '#web/desk/sync-client.ts'
import type { PageLoad } from './$types'

/** The report of a period, and the fleet, which says how far its figures can be trusted. */
export const load: PageLoad = async ({ fetch, url, parent, untrack }) => {
  const periodText = url.searchParams.get('period') ?? ''
  const { session } = await parent()
  const fallback = defaultPeriod(session.today)
  const period = readPeriod(new URLSearchParams({ period: periodText })) ?? fallback
  const from = untrack(() => new URL(url))
  const [report, fleet] = await Promise.all([
    loadFor(from, () => getStores(fetch, period)),
    loadFor(from, () => getSync(fetch)),
  ])
  return { report, fleet: fleet.ok ? fleet.value : null, fallback }
}
