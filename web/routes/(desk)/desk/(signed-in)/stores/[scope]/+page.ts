import { readHistoryView, readPeriod } from '#web/desk/address.ts'
import { getHistory, getStores } from '#web/desk/client.ts'
import { loadFor } from '#web/desk/guard.ts'
import { historyRanges } from '#web/desk/history.ts'
import { defaultPeriod } from '#web/desk/periods.ts'
import type { PageLoad } from './$types'

/** The history of one scope, and the report of the period for its figures and the ones before. */
export const load: PageLoad = async ({ fetch, url, params, parent, untrack }) => {
  const asked = new URLSearchParams({
    period: url.searchParams.get('period') ?? '',
    grain: url.searchParams.get('grain') ?? '',
  })
  const { session } = await parent()
  const fallback = defaultPeriod(session.today)
  const { grain } = readHistoryView(asked, fallback)
  const period = readPeriod(asked) ?? fallback
  const ranges = historyRanges(grain, period, session.today)
  const from = untrack(() => new URL(url))
  const [history, report] = await Promise.all([
    loadFor(from, () => getHistory(fetch, params.scope, grain, ranges)),
    loadFor(from, () => getStores(fetch, period)),
  ])
  return { history, report, ranges, fallback, scope: params.scope }
}
