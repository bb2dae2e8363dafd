import { loadFor } from '#web/desk/guard.ts'
import { defaultPeriod } from '#web/desk/periods.ts'
import { getStatement, getTenures } from '#web/desk/statement-client.ts'
import { scopeRow } from '#web/desk/statement-table.ts'
import { readTenuresView } from '#web/desk/statement-tenures.ts'
import type { PageLoad } from './$types'

/** The customers behind a line of a store, and the statements of the period: names and figures. */
export const load: PageLoad = async ({ fetch, url, parent, untrack }) => {
  const keys = ['period', 'scope', 'view', 'line']
  const asked = new URLSearchParams(keys.map((key) => [key, url.searchParams.get(key) ?? '']))
  const { session } = await parent()
  const fallback = defaultPeriod(session.today)
  const { period, scope, view, line } = readTenuresView(asked, fallback)
  const from = untrack(() => new URL(url))
  const report = await loadFor(from, () => getStatement(fetch, period, view))
  const row = report.ok ? scopeRow(report.value.rows, scope) : undefined
  const isStore = row?.level === 'store'
  const tenures = isStore
    ? await loadFor(from, () => getTenures(fetch, row.scope, line, period))
    : null
  return { report, tenures, fallback }
}
