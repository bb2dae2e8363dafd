import { readHoursView } from '#web/desk/address.ts'
import { loadFor } from '#web/desk/guard.ts'
import { HOUR_MS } from '#web/desk/sync-hours.ts'
import { getSyncHours } from '#web/desk/sync-client.ts'
import type { PageLoad } from './$types'

/** The hours up to and with the one that runs. */
export const load: PageLoad = async ({ fetch, url, untrack }) => {
  const { span } = readHoursView(new URLSearchParams({ span: url.searchParams.get('span') ?? '' }))
  const from = untrack(() => new URL(url))
  const to = Math.floor(Date.now() / HOUR_MS) + 1
  return { hours: await loadFor(from, () => getSyncHours(fetch, to - span, to)) }
}
