import { readFunnelView } from '#web/desk/compare-address.ts'
import { getFunnel } from '#web/desk/compare-client.ts'
import { loadFor } from '#web/desk/guard.ts'
import { defaultPeriod } from '#web/desk/periods.ts'
import type { PageLoad } from './$types'

/** One rate of every store in scope, with the limits of the chain. */
export const load: PageLoad = async ({ fetch, url, parent, untrack }) => {
  const asked = new URLSearchParams({
    period: url.searchParams.get('period') ?? '',
    rate: url.searchParams.get('rate') ?? '',
    format: url.searchParams.get('format') ?? '',
  })
  const { session } = await parent()
  const fallback = defaultPeriod(session.today)
  const from = untrack(() => new URL(url))
  const view = readFunnelView(asked, fallback)
  return { report: await loadFor(from, () => getFunnel(fetch, view)), fallback }
}
