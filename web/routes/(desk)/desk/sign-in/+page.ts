import { isEmptyInstallation } from '#web/desk/client.ts'
import { DeskError } from '#web/desk/trouble.ts'
import type { PageLoad } from './$types'

/** Whether there is a chain at all: an installation without one is set up, not signed in to. */
export const load: PageLoad = async ({ fetch }) => {
  try {
    return { empty: await isEmptyInstallation(fetch) }
  } catch (error) {
    // Signing in itself will say what is wrong, in its own place.
    if (error instanceof DeskError) return { empty: false }
    throw error
  }
}
