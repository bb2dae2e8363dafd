import { error } from '@sveltejs/kit'
import { getSession } from '#web/desk/client.ts'
import { loadFor } from '#web/desk/guard.ts'
import type { LayoutLoad } from './$types'

/** Who is signed in. Nobody: to the sign-in page and back. Not reachable: said in words. */
export const load: LayoutLoad = async ({ fetch, url }) => {
  const loaded = await loadFor(url, () => getSession(fetch))
  if (loaded.ok) return { session: loaded.value }
  error(loaded.trouble.code === 'forbidden' ? 403 : 503, loaded.trouble.code)
}
