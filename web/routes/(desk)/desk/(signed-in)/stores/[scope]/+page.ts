import { readHistoryView, readPeriod } from '#web/desk/address.ts'
import { getHistory } from '#web/desk/client.ts'
import { getComparison, getEntries, getStaff, getTagMix } from '#web/desk/compare-client.ts'
import { loadFor } from '#web/desk/guard.ts'
import { historyRanges } from '#web/desk/history.ts'
import { defaultPeriod } from '#web/desk/periods.ts'
import { getPlaceStatement } from '#web/desk/statement-client.ts'
import type { PageLoad } from './$types'

/** One scope: its line and its peers, history, statement, staff, and the tags of its customers. */
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
  const { scope } = params
  const [history, report, statement] = await Promise.all([
    loadFor(from, () => getHistory(fetch, scope, grain, ranges)),
    loadFor(from, () => getComparison(fetch, { period, vs: 'prev', picked: [scope] })),
    loadFor(from, () => getPlaceStatement(fetch, scope, period)),
  ])
  // Customers are at home in stores: a region and the chain have no tags and staff of their own.
  const isStore = report.ok && report.value.places[0]?.level === 'store'
  const [tags, staff, entries] = isStore
    ? await Promise.all([
        loadFor(from, () => getTagMix(fetch, scope)),
        loadFor(from, () => getStaff(fetch, scope, period)),
        loadFor(from, () => getEntries(fetch, scope, period)),
      ])
    : [null, null, null]
  return { history, report, statement, tags, staff, entries, ranges, fallback, scope }
}
