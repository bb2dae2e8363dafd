import { getDefinitions } from '#web/desk/statement-client.ts'
import type { PageLoad } from './$types'

/**
 * Definitions are part of the program that counts by them; only when this chain's figures were
 * counted anew is fetched. Null where that cannot be read: the definitions stand without it.
 */
export const load: PageLoad = async ({ fetch }) => ({
  report: await getDefinitions(fetch).catch(() => null),
})
