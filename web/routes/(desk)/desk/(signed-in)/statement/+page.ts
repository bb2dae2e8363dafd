import { periodBefore } from '#model/period.ts'
import { loadFor } from '#web/desk/guard.ts'
import { defaultPeriod } from '#web/desk/periods.ts'
import { readStatementView } from '#web/desk/statement-address.ts'
import { getStatement } from '#web/desk/statement-client.ts'
import type { PageLoad } from './$types'

/** The statements of a period and of the one before. Scope and side are chosen from the answer. */
export const load: PageLoad = async ({ fetch, url, parent, untrack }) => {
  const asked = new URLSearchParams({
    period: url.searchParams.get('period') ?? '',
    view: url.searchParams.get('view') ?? '',
  })
  const { session } = await parent()
  const fallback = defaultPeriod(session.today)
  const { period, view } = readStatementView(asked, fallback)
  const from = untrack(() => new URL(url))
  const [now, before] = await Promise.all([
    loadFor(from, () => getStatement(fetch, period, view)),
    loadFor(from, () => getStatement(fetch, periodBefore(period), view)),
  ])
  return { now, before, fallback }
}
