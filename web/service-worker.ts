/// <reference types="@sveltejs/kit" />
// Keeps the whole app on the device, so that it opens with no network. The app's files carry their
// hash in the name and never change; page and static files are taken anew with each version.
import { build, files, version } from '$service-worker'
import {
  addPlugins,
  cleanupOutdatedCaches,
  createHandlerBoundToURL,
  precacheAndRoute,
} from 'workbox-precaching'
import { NavigationRoute, registerRoute } from 'workbox-routing'

/** Sound because this file only runs as a service worker, which the page's types do not know. */
function ownScope(): ServiceWorkerGlobalScope {
  return globalThis as unknown as ServiceWorkerGlobalScope
}

const scope = ownScope()

// A server that answers a missing file with the page itself would have HTML kept as a script, and
// the app could not start again until somebody clears the browser. Refusing it fails the install of
// this version; the version before goes on working.
addPlugins([
  {
    cacheWillUpdate: ({ request, response }) => {
      const isPage = new URL(request.url).pathname === '/'
      const isHtml = response.headers.get('content-type')?.includes('text/html') ?? false
      return Promise.resolve(response.ok && isHtml === isPage ? response : null)
    },
  },
])

const notForTheApp = new Set(['/robots.txt'])
const kept = files.filter((url) => !notForTheApp.has(url))

precacheAndRoute([
  { url: '/', revision: version },
  ...build.map((url) => ({ url, revision: null })),
  ...kept.map((url) => ({ url, revision: version })),
])
cleanupOutdatedCaches()

registerRoute(
  new NavigationRoute(createHandlerBoundToURL('/'), {
    denylist: [/^\/api\//, /^\/healthz$/, /^\/readyz$/, /^\/_app\//],
  }),
)

// A new version waits until the page says that no work is open; it never takes over by itself.
scope.addEventListener('message', (event) => {
  if (event.data === 'skip-waiting') void scope.skipWaiting()
})

scope.addEventListener('activate', (event) => event.waitUntil(scope.clients.claim()))
