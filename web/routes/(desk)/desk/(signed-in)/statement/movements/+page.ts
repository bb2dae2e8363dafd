import { loadFor } from '#web/desk/guard.ts'
import { defaultPeriod } from '#web/desk/periods.ts'
import { readMovementsView } from '#web/desk/statement-address.ts'
import { getMovements, getStatement } from '#web/desk/statement-client.ts'
import { scopeRow } from '#web/desk/statement-table.ts'
import type { PageLoad } from './$types'

/** The customers behind a line, and the statements of the period: their names and their figure. */
export const load: PageLoad = async ({ fetch, url, parent, untrack }) => {
  const keys = ['period', 'scope', 'view', 'line']
  const asked = new URLSearchParams(keys.map((key) => [key, url.searchParams.get(key) ?? '']))
  const { session } = await parent()
  const fallback = defaultPeriod(session.today)
  const { period, scope, view, kind } = readMovementsView(asked, fallback)
  const from = untrack(() => new URL(url))
  const statement = loadFor(from, () => getStatement(fetch, period, view))
  const list = async (of: string) => loadFor(from, () => getMovements(fetch, of, kind, period))
  const widest = async () => {
    const answer = await statement
    const row = answer.ok ? scopeRow(answer.value.rows, '') : undefined
    return row ? list(row.scope) : null
  }
  const [report, movements] = await Promise.all([statement, scope === '' ? widest() : list(scope)])
  return { report, movements, fallback }
}
