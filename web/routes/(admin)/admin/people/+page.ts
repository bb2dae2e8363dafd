import { getAccounts, getReference } from '#web/desk/admin-client.ts'
import { loadFor } from '#web/desk/guard.ts'
import { ReferenceShapes } from '#web/desk/shapes.ts'
import type { PageLoad } from './$types'

/** People, where they may work, and for administrators who has an account. */
export const load: PageLoad = async ({ fetch, url, parent, untrack }) => {
  const { session } = await parent()
  const from = untrack(() => new URL(url))
  const people = await loadFor(from, async () => {
    const [staff, stores, regions, accounts] = await Promise.all([
      getReference(fetch, 'staff', ReferenceShapes.staff),
      getReference(fetch, 'store', ReferenceShapes.store),
      getReference(fetch, 'region', ReferenceShapes.region),
      session.role === 'admin' ? getAccounts(fetch) : [],
    ])
    return { staff, stores, regions, accounts }
  })
  return { people }
}
