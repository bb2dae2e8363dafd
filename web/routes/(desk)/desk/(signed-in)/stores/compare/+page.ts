import { readPeriod } from '#web/desk/address.ts'
import { readPicked, readWith } from '#web/desk/compare-address.ts'
import { getComparison } from '#web/desk/compare-client.ts'
import { loadFor } from '#web/desk/guard.ts'
import { defaultPeriod } from '#web/desk/periods.ts'
import type { PageLoad } from './$types'

const LEAST = 2

/** The stores that the address names, over thirteen periods; fewer than two are nothing to ask. */
export const load: PageLoad = async ({ fetch, url, parent, untrack }) => {
  const picked = url.searchParams.getAll('s')
  const asked = new URLSearchParams([
    ['period', url.searchParams.get('period') ?? ''],
    ['vs', url.searchParams.get('vs') ?? ''],
    ...picked.map((id) => ['s', id]),
  ])
  const { session } = await parent()
  const fallback = defaultPeriod(session.today)
  const period = readPeriod(asked) ?? fallback
  const stores = readPicked(asked)
  const from = untrack(() => new URL(url))
  const ask = () => getComparison(fetch, { period, vs: readWith(asked), picked: stores })
  return { report: stores.length < LEAST ? null : await loadFor(from, ask), fallback }
}
