import { isEmptyInstallation } from '#web/desk/client.ts'
import { loadFor } from '#web/desk/guard.ts'
import type { PageLoad } from './$types'

export const load: PageLoad = async ({ fetch, url }) => ({
  empty: await loadFor(url, () => isEmptyInstallation(fetch)),
})
