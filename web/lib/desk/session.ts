import { error } from '@sveltejs/kit'
import { isHeadquarters } from '#model/access.ts'
import type { DeskSession } from '#model/report.ts'
import { setActivityDays } from './activity-window.svelte.ts'
import { getSession } from './client.ts'
import { loadFor } from './guard.ts'
import type { Fetch } from './request.ts'

/**
 * Who is signed in, for a layout. Nobody goes to the sign-in page and back; who may not be here, or
 * a server that cannot be reached, is said by the error page, which reads the code in the message.
 */
export async function requireSession(
  get: Fetch,
  url: URL,
  who: 'desk' | 'headquarters',
): Promise<{ session: DeskSession }> {
  const loaded = await loadFor(url, () => getSession(get))
  if (!loaded.ok) error(loaded.trouble.code === 'forbidden' ? 403 : 503, loaded.trouble.code)
  if (who === 'headquarters' && !isHeadquarters(loaded.value.role)) error(403, 'forbidden')
  setActivityDays(loaded.value.activity_days)
  return { session: loaded.value }
}
