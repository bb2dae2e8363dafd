// A new version waits in the background until no clerk is at work. The page is loaded anew once the
// new worker has taken over, so that page and worker are never of two versions.

/** Puts a waiting version in place and reloads; does nothing when none waits. */
export async function applyUpdate(): Promise<void> {
  const registration = await navigator.serviceWorker?.getRegistration()
  const waiting = registration?.waiting
  if (!waiting) return
  navigator.serviceWorker.addEventListener('controllerchange', () => location.reload(), {
    once: true,
  })
  waiting.postMessage('skip-waiting')
}
