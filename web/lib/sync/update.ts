/** Calls when a new version of the app has been fetched and waits to be put in place. */
export async function watchUpdate(onReady: () => void): Promise<void> {
  if (!('serviceWorker' in navigator)) return
  const registration = await navigator.serviceWorker.ready
  // Without a worker in charge of the page the first version is not an update.
  const check = () => {
    if (registration.waiting && navigator.serviceWorker.controller) onReady()
  }
  const follow = () => registration.installing?.addEventListener('statechange', check)
  check()
  follow() // The page's own start looks for an update, and may have found it by now.
  registration.addEventListener('updatefound', follow)
}
