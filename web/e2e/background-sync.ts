// Background Sync exists in one family of browsers. What a browser has of it is taken away here, or
// what the app asks of it is noted.
import { expect } from '@playwright/test'
import type { TabletHand } from './tablet-hand.ts'
import type { Wire } from './wire.ts'

/** Before the service worker's own script: what it listens for, and asks the browser to call. */
const NOTING = `self.noted = [];
{
  const listen = self.addEventListener
  self.addEventListener = function (type, ...rest) {
    self.noted.push(type)
    return listen.call(this, type, ...rest)
  }
  SyncManager.prototype.register = (tag) => Promise.resolve(self.noted.push('register ' + tag))
};`

/** The tablets of this shop get a service worker that says what it listens for. */
export function noteListeners(shop: Wire): void {
  shop.fate = (path) => (path === '/service-worker.js' ? (text) => NOTING + text : 'pass')
}

/** What the service worker listens for; without it no sync in the background can begin. */
export async function listenersOf({ context }: TabletHand): Promise<string[]> {
  const [worker] = context.serviceWorkers()
  if (!worker) throw new Error('no service worker')
  return worker.evaluate(() => [
    ...(Reflect.get(globalThis, 'noted') as string[]),
    ...(Reflect.get(globalThis, 'onsync') ? ['onsync'] : []),
  ])
}

/** A browser as most are: no page of this tablet finds Background Sync. */
export async function takeBackgroundSync(tablet: TabletHand): Promise<void> {
  await tablet.context.addInitScript(() => {
    for (const name of ['SyncManager', 'PeriodicSyncManager'])
      Reflect.deleteProperty(globalThis, name)
    for (const name of ['sync', 'periodicSync'])
      Reflect.deleteProperty(ServiceWorkerRegistration.prototype, name)
  })
  expect(await hasBackgroundSync(tablet)).toBe(false)
}

/** Names under which pages of this tablet ask to be called in the background, from here on. */
export async function noteBackgroundSync(tablet: TabletHand): Promise<string[]> {
  const { context } = tablet
  const asked: string[] = []
  await context.exposeFunction('noteAsked', (tag: string) => asked.push(tag))
  await context.addInitScript(() => {
    const note = Reflect.get(globalThis, 'noteAsked') as (tag: string) => Promise<void>
    for (const name of ['SyncManager', 'PeriodicSyncManager'])
      Reflect.set(
        (Reflect.get(globalThis, name) as { prototype: object }).prototype,
        'register',
        note,
      )
  })
  expect(await hasBackgroundSync(tablet)).toBe(true)
  return asked
}

async function hasBackgroundSync(tablet: TabletHand): Promise<boolean> {
  await tablet.open('/healthz') // A page of the same origin that is not the app.
  return tablet.page.evaluate(
    () => 'SyncManager' in globalThis && 'sync' in ServiceWorkerRegistration.prototype,
  )
}
