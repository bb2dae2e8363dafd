import { getAlerts } from '#web/desk/alerts-client.ts'
import { readAlertsView } from '#web/desk/alerts-address.ts'
import { loadFor } from '#web/desk/guard.ts'
import type { PageLoad } from './$types'

/** Alerts by their state; the other filters choose among these. */
export const load: PageLoad = async ({ fetch, url, untrack }) => {
  const { state } = readAlertsView(
    new URLSearchParams({ state: url.searchParams.get('state') ?? '' }),
  )
  const from = untrack(() => new URL(url))
  return { report: await loadFor(from, () => getAlerts(fetch, state)) }
}
