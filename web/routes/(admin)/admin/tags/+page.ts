import { getReference } from '#web/desk/admin-client.ts'
import { loadFor } from '#web/desk/guard.ts'
import { ReferenceShapes } from '#web/desk/shapes.ts'
import type { PageLoad } from './$types'

export const load: PageLoad = async ({ fetch, url, untrack }) => {
  const from = untrack(() => new URL(url))
  const tags = await loadFor(from, async () => {
    const [groups, all] = await Promise.all([
      getReference(fetch, 'tag_group', ReferenceShapes.tag_group),
      getReference(fetch, 'tag', ReferenceShapes.tag),
    ])
    return { groups, tags: all }
  })
  return { tags }
}
