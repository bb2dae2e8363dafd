import { redirect } from '@sveltejs/kit'
import { loadFor } from '#web/desk/guard.ts'
import { getMondayStores } from '#web/desk/monday-client.ts'
import { mondayAddress } from '#web/desk/alerts-address.ts'
import type { PageLoad } from './$types'

/** The page of the first store that the reader may see. */
export const load: PageLoad = async ({ fetch, url, untrack }) => {
  const from = untrack(() => new URL(url))
  const stores = await loadFor(from, () => getMondayStores(fetch))
  const [first] = stores.ok ? stores.value.stores : []
  if (stores.ok && first) redirect(307, mondayAddress(first.store_id, stores.value.week))
  return { stores }
}
