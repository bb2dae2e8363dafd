// A new version waits in the background until no clerk is at work. The page is loaded anew once the
// new worker is in charge, so that page and worker are never of two versions.

type IsAtWork = () => boolean

const TAKES_OVER_WITHIN_MS = 2_000

/** The worker in charge is not the one that this page came from. */
let isOutdated = false

function reloadUnless(isAtWork: IsAtWork): void {
  if (!isAtWork()) location.reload()
}

/** Loads the page anew when another version takes over; at once, or when the clerk has left. */
export function followTakeOver(isAtWork: IsAtWork): () => void {
  const workers = navigator.serviceWorker as ServiceWorkerContainer | undefined
  // The first version that takes a page into its charge changes nothing about it.
  if (!workers?.controller) return () => undefined
  const take = () => {
    isOutdated = true
    reloadUnless(isAtWork)
  }
  workers.addEventListener('controllerchange', take)
  return () => workers.removeEventListener('controllerchange', take)
}

/** Puts a waiting version in place and reloads; does nothing when none waits. */
export async function applyUpdate(isAtWork: IsAtWork): Promise<void> {
  if (isOutdated) return reloadUnless(isAtWork)
  const registration = await navigator.serviceWorker?.getRegistration()
  const waiting = registration?.waiting
  if (!waiting) return
  waiting.postMessage('skip-waiting')
  // Chromium lets the old worker finish what it is at, which an open stream of pokes may prolong
  // without end. It ends with the page, and the page that follows is taken over.
  setTimeout(() => reloadUnless(isAtWork), TAKES_OVER_WITHIN_MS)
}
