import { parsePeriod, periodBefore, quarterOf } from '#model/period.ts'
import { loadFor } from '#web/desk/guard.ts'
import { getSites } from '#web/desk/sites-client.ts'
import type { PageLoad } from './$types'

const QUARTERS_OFFERED = 8

/** Sites of a quarter: the one in the address, else the last that is over. */
export const load: PageLoad = async ({ fetch, url, parent, untrack }) => {
  const asked = parsePeriod(url.searchParams.get('quarter') ?? '')
  const { session } = await parent()
  const present = quarterOf(session.today)
  const offered = [present]
  while (offered.length < QUARTERS_OFFERED) {
    const before = periodBefore(offered.at(-1) ?? present)
    if (session.first_day !== null && before.to <= session.first_day) break
    offered.push(before)
  }
  const quarter = asked?.kind === 'quarter' ? asked : (offered[1] ?? present)
  if (!offered.some((one) => one.text === quarter.text)) offered.push(quarter)
  const from = untrack(() => new URL(url))
  const report = await loadFor(from, () => getSites(fetch, quarter.text))
  return { report, quarter: quarter.text, offered: offered.map((one) => one.text) }
}
