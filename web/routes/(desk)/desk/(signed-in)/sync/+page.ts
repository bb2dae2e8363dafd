import { getRefused, getSync } from '#web/desk/client.ts'
import { loadFor } from '#web/desk/guard.ts'
import type { PageLoad } from './$types'

/** The fleet; and the refused ops of one device (`device=<id>`) or of all (`device=all`). */
export const load: PageLoad = async ({ fetch, url, untrack }) => {
  const device = url.searchParams.get('device') ?? ''
  const from = untrack(() => new URL(url))
  const [fleet, refused] = await Promise.all([
    loadFor(from, () => getSync(fetch)),
    device === '' ? null : loadFor(from, () => getRefused(fetch, device === 'all' ? '' : device)),
  ])
  return { fleet, refused }
}
