import { browserDeps } from '#web/local/browser-deps.ts'
import { type Local, openLocal } from '#web/local/database.ts'
import { Lookup } from '#web/local/lookup.ts'
import { getSetting } from '#web/local/settings.ts'
import { startSync } from '#web/sync/client.ts'
import { AUTO_LOCK_DEFAULT_MINUTES, AUTO_LOCK_MINUTES } from '#web/clerk-session.svelte.ts'

/** What this device holds for all of the clerk's screens: its database and its look-up index. */
export interface Tablet {
  local: Local
  lookup: Lookup
  autoLockMinutes: number
}

let opened: Promise<Tablet> | undefined

/** Opens the database and starts the sync once a page. Rejects when the browser keeps no data. */
export function openTablet(): Promise<Tablet> {
  opened ??= open()
  opened.catch(() => (opened = undefined))
  return opened
}

async function open(): Promise<Tablet> {
  const local = await openLocal(browserDeps())
  const lookup = new Lookup(local)
  const minutes = await getSetting(local, 'auto_lock_minutes')
  startSync(local)
  // The index fills in the background; recent customers are answered without it.
  void lookup.load()
  const known = AUTO_LOCK_MINUTES.find((choice) => choice === minutes)
  return { local, lookup, autoLockMinutes: known ?? AUTO_LOCK_DEFAULT_MINUTES }
}
