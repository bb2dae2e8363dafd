import { redirect } from '@sveltejs/kit'
import { signInAddress } from './address.ts'
import { DeskError } from './trouble.ts'

/** What a page shows: its data, or why there is none. A page draws both, and never a blank. */
export type Loaded<T> = { ok: true; value: T } | { ok: false; trouble: DeskError }

/** Loads for a page. Who is not signed in goes to sign in, and comes back to `from`. */
export async function loadFor<T>(from: URL, load: () => Promise<T>): Promise<Loaded<T>> {
  try {
    return { ok: true, value: await load() }
  } catch (error) {
    if (!(error instanceof DeskError)) throw error
    if (error.code === 'signed-out') redirect(307, signInAddress(from))
    return { ok: false, trouble: error }
  }
}
