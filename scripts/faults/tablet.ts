// The client engine as the browser runs it, over a database in memory and a real network.
// The database must be there before anything that uses it is loaded.
import 'fake-indexeddb/auto'
import { nodePorts } from '#sql/ports.ts'
import { type Local, openLocal } from '#web/local/database.ts'
import { saveEnrolment } from '#web/local/enrolment.ts'
import { getPast } from '#web/local/past.ts'
import type { OpState } from '#web/local/tables.ts'
import { logVisit } from '#web/local/write.ts'
import { Engine } from '#web/sync/engine.ts'
import { HttpTransport } from '#web/sync/transport.ts'
import type { DeviceCard } from './installation.ts'

export interface Tablet {
  card: DeviceCard
  local: Local
  logVisit(customer: string): Promise<string>
  /** Ids of a customer's visits as this tablet shows them. */
  visitsOf(customer: string): Promise<string[]>
  /** True when the cycle ended without trouble. */
  cycle(): Promise<boolean>
  count(...states: OpState[]): Promise<number>
}

/** A tablet with its card's cookie whose requests go to `url`. */
export async function openTablet(card: DeviceCard, url: string): Promise<Tablet> {
  const { uuid, sha256 } = nodePorts
  const deps = { now: () => Date.now(), monotonic: () => performance.now(), uuid, sha256 }
  const local = await openLocal(deps, `faults-${uuid()}`)
  const { device_id, store_id, token } = card
  await saveEnrolment(local, { device_id, store_id, name: 'Counter', server_now: Date.now() })
  const cookie = `regulars_device=${token}`
  const fetchThere: typeof fetch = (input, options) => {
    const headers = { ...(options?.headers as Record<string, string> | undefined), cookie }
    return fetch(`${url}${String(input)}`, { ...options, headers })
  }
  const engine = new Engine({
    local,
    transport: new HttpTransport({ fetch: fetchThere, now: () => Date.now() }),
    appVersion: 'faults',
    storage: () => Promise.resolve({ usage: 1, quota: 2, persisted: true }),
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms).unref()),
    exclusively: (work) => work(),
    onPhase: () => undefined,
  })
  const actor = { actor_id: card.clerk, unlock_id: uuid() }
  return {
    card,
    local,
    logVisit: (customer) => logVisit(local, actor, customer, 'buy'),
    visitsOf: async (customer) => (await getPast(local, customer)).visits.map(({ id }) => id),
    cycle: async () => (await engine.cycle()).ok,
    count: (...states) => local.db.op.where('state').anyOf(states).count(),
  }
}
