import { CHAIN } from '#model/id.ts'
import { ensureDesk } from '#sql/devices.ts'
import type { Ledger } from '#sql/ledger.ts'
import { type TimedDraft, writeDrafts } from '#sql/write.ts'

const DAY_MS = 86_400_000
const STORE = '车站店'
/** Who comes to the new store of the same region, and who to the store of another one. */
const NEAR = ['何静', '吕蒙', '马良']
const FAR = ['孟达']

/** Somebody of one book who came there once, and then three times in a row to another store. */
function strayOf(ledger: Ledger, name: string, home: string, to: string, now: number) {
  const record_id = ledger.ports.uuid()
  const created = { store_id: home, kind: 'customer', record_id, type: 'create' as const }
  const visits = [40, 9, 8, 7].map((daysAgo): TimedDraft => {
    const payload = { customer_id: record_id, home_store_id: home, purpose: 'buy' }
    const record = { kind: 'visit', record_id: ledger.ports.uuid(), type: 'visit' as const }
    const store_id = daysAgo === 40 ? home : to
    const spend_minor = 20_00 * daysAgo
    return { store_id, ...record, payload: { ...payload, spend_minor }, at: now - daysAgo * DAY_MS }
  })
  const payload = { name, home_store_id: home }
  return [{ ...created, payload, at: now - 41 * DAY_MS }, ...visits]
}

/**
 * Opens a second store in the first store's region, and lets customers of the first store go to it,
 * and one to the store of the other region. Returns the new store's id.
 */
export async function sendAway(
  ledger: Ledger,
  actor_id: string,
  { stores, regions }: { stores: readonly string[]; regions: readonly string[] },
  place: Record<string, unknown>,
): Promise<string> {
  const now = Date.now()
  const [home = '', far = ''] = stores
  const near = ledger.ports.uuid()
  const payload = { name: STORE, region_id: regions[0], ...place }
  const opened = { store_id: CHAIN, kind: 'store', record_id: near, type: 'create' as const }
  const drafts: TimedDraft[] = [
    { ...opened, payload },
    ...NEAR.flatMap((name) => strayOf(ledger, name, home, near, now)),
    ...FAR.flatMap((name) => strayOf(ledger, name, home, far, now)),
  ]
  const writer = { session: await ensureDesk(ledger), actor_id, unlock_id: null }
  const results = await writeDrafts(ledger, writer, drafts, now)
  const refused = results.find((result) => result.status !== 'applied')
  if (refused) throw new Error(`whoever went away was refused: ${JSON.stringify(refused)}`)
  return near
}
