import { error } from '@sveltejs/kit'
import { isHeadquarters } from '#model/access.ts'
import { readPeriod } from '#web/desk/address.ts'
import { loadFor } from '#web/desk/guard.ts'
import { defaultPeriod } from '#web/desk/periods.ts'
import { getScore } from '#web/desk/score-client.ts'
import { readDraft } from '#web/desk/score-view.ts'
import type { PageLoad } from './$types'

/** The ranking as it is and, once weights are thought of, as it would be. */
export const load: PageLoad = async ({ fetch, url, parent, untrack }) => {
  const asked = new URLSearchParams({
    period: url.searchParams.get('period') ?? '',
    weights: url.searchParams.get('weights') ?? '',
  })
  const { session } = await parent()
  if (!isHeadquarters(session.role)) error(403, 'forbidden')
  const fallback = defaultPeriod(session.today)
  const period = readPeriod(asked) ?? fallback
  const from = untrack(() => new URL(url))
  return { report: await loadFor(from, () => getScore(fetch, period, readDraft(asked))), period }
}
