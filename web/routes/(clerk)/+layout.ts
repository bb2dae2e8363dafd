import { openTablet } from './tablet.ts'

/** `tablet` is null where the browser keeps no data: a private window, or a full disk. */
export async function load() {
  return { tablet: await openTablet().catch(() => null) }
}
