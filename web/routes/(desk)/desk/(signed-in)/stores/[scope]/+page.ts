import { readHistoryView, readPeriod } from '#web/desk/address.ts'
import { getHistory } from '#web/desk/client.ts'
import { getComparison, getTagMix } from '#web/desk/compare-client.ts'
import { loadFor } from '#web/desk/guard.ts'
import { historyRanges } from '#web/desk/history.ts'
import { defaultPeriod } from '#web/desk/periods.ts'
import { getStatement } from '#web/desk/statement-client.ts'
import type { PageLoad } from './$types'

/** One scope: its line and its peers, its history, its statement, and the tags of its customers. */
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
  const [history, report, statement, tags] = await Promise.all([
    loadFor(from, () => getHistory(fetch, scope, grain, ranges)),
    loadFor(from, () => getComparison(fetch, { period, vs: 'prev', picked: [scope] })),
    loadFor(from, () => getStatement(fetch, period, 'restated')),
    loadFor(from, () => getTagMix(fetch, scope)),
  ])
  return { history, report, statement, tags, ranges, fallback, scope }
}
