import { loadFor } from '#web/desk/guard.ts'
import { getMonday, getMondayStores } from '#web/desk/monday-client.ts'
import { readWeek } from '#web/desk/alerts-address.ts'
import type { PageLoad } from './$types'

/** The page of a store about a week that is over, and the stores to choose from. */
export const load: PageLoad = async ({ fetch, url, params, untrack }) => {
  const week = readWeek(url.searchParams)
  const from = untrack(() => new URL(url))
  const [report, stores] = await Promise.all([
    loadFor(from, () => getMonday(fetch, params.store, week?.text ?? '')),
    loadFor(from, () => getMondayStores(fetch)),
  ])
  return { report, stores, store: params.store }
}
