import { getStores } from '#web/desk/client.ts'
import { loadFor } from '#web/desk/guard.ts'
import { defaultPeriod } from '#web/desk/periods.ts'
import { readRhythmView } from '#web/desk/rhythm-address.ts'
import { getCohorts, getRhythm, getRhythmCustomers } from '#web/desk/rhythm-client.ts'
import type { PageLoad } from './$types'

/** Cohorts, rhythm and, where a group was chosen, its customers; and the scopes one can go to. */
export const load: PageLoad = async ({ fetch, url, params, parent, untrack }) => {
  const { side, group } = readRhythmView(
    new URLSearchParams({
      side: url.searchParams.get('side') ?? '',
      group: url.searchParams.get('group') ?? '',
    }),
  )
  const from = untrack(() => new URL(url))
  const { session } = await parent()
  const { scope } = params
  const [cohorts, rhythm, customers, stores] = await Promise.all([
    loadFor(from, () => getCohorts(fetch, scope, side)),
    loadFor(from, () => getRhythm(fetch, scope)),
    group ? loadFor(from, () => getRhythmCustomers(fetch, scope, group)) : null,
    loadFor(from, () => getStores(fetch, defaultPeriod(session.today))),
  ])
  const places = stores.ok ? stores.value.rows : []
  return { cohorts, rhythm, customers, scope, places }
}
