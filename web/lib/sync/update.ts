/** Calls once when a new version of the app has been fetched and waits to be put in place. */
export async function watchUpdate(onReady: () => void): Promise<void> {
  if (!('serviceWorker' in navigator)) return
  const registration = await navigator.serviceWorker.ready
  // Without a worker in charge of the page the first version is not an update.
  const check = () => {
    if (registration.waiting && navigator.serviceWorker.controller) onReady()
  }
  check()
  registration.addEventListener('updatefound', () => {
    registration.installing?.addEventListener('statechange', check)
  })
}
