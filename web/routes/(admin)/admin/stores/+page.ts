import { getReference } from '#web/desk/admin-client.ts'
import { loadFor } from '#web/desk/guard.ts'
import { ReferenceShapes } from '#web/desk/shapes.ts'
import type { PageLoad } from './$types'

export const load: PageLoad = async ({ fetch, url, untrack }) => {
  const from = untrack(() => new URL(url))
  const org = await loadFor(from, async () => {
    const [stores, regions] = await Promise.all([
      getReference(fetch, 'store', ReferenceShapes.store),
      getReference(fetch, 'region', ReferenceShapes.region),
    ])
    return { stores, regions }
  })
  return { org }
}
