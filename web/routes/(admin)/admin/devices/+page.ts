import { getReference } from '#web/desk/admin-client.ts'
import { getSync } from '#web/desk/sync-client.ts'
import { loadFor } from '#web/desk/guard.ts'
import { ReferenceShapes } from '#web/desk/shapes.ts'
import type { PageLoad } from './$types'

export const load: PageLoad = async ({ fetch, url, untrack }) => {
  const from = untrack(() => new URL(url))
  const devices = await loadFor(from, async () => {
    const [stores, fleet] = await Promise.all([
      getReference(fetch, 'store', ReferenceShapes.store),
      getSync(fetch),
    ])
    return { stores, fleet }
  })
  return { devices }
}
