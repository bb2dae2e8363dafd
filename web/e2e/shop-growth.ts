import { CHAIN } from '#model/id.ts'
import { SCHEMA } from '#model/op.ts'
import { seededRandom } from '#model/stats/random.ts'
import { createEnrolment, enrolDevice, ensureDesk } from '#sql/devices.ts'
import type { Ledger } from '#sql/ledger.ts'
import { push } from '#sql/push.ts'
import { type TimedDraft, writeDrafts } from '#sql/write.ts'

const DAY_MS = 86_400_000
const STORES = 9
const CUSTOMERS = 30

/** A customer's visits over half a year: the more loyal, the surer the next one. */
function lifeOf(
  ledger: Ledger,
  store_id: string,
  loyalty: number,
  random: () => number,
  now: number,
): TimedDraft[] {
  const customer = ledger.ports.uuid()
  const visits: TimedDraft[] = []
  let ago = 200 - 150 * random()
  do {
    const payload = { customer_id: customer, home_store_id: store_id, purpose: 'buy' }
    const spend_minor = 2_000 + Math.floor(3_000 * random())
    const record = { kind: 'visit', record_id: ledger.ports.uuid(), type: 'visit' as const }
    const at = now - Math.floor(ago) * DAY_MS
    visits.push({ store_id, ...record, payload: { ...payload, spend_minor }, at })
    ago -= 8 + 20 * random()
  } while (ago > 1 && random() < loyalty)
  const record = { kind: 'customer', record_id: customer, type: 'create' as const }
  const payload = { name: '林晓', home_store_id: store_id }
  return [{ store_id, ...record, payload, at: now - 201 * DAY_MS }, ...visits]
}

/** Lets a tablet into a store and lets it say that it holds nothing back. */
async function speak(ledger: Ledger, admin_id: string, store_id: string, now: number) {
  const [code_hash, device_id] = [ledger.ports.uuid(), ledger.ports.uuid()]
  const until = now + DAY_MS
  const enrolment = { code_hash, store_id, name: '平板', uses: 1, created_by: admin_id, until }
  await createEnrolment(ledger, enrolment, now)
  const enrolled = await enrolDevice(ledger, code_hash, device_id, now)
  if (!enrolled) throw new Error('a tablet was not let in')
  const session = { book: store_id, role: 'tablet', revoked: false, actor_id: null } as const
  const health = {
    app_version: 'test',
    schema: SCHEMA,
    client_now: now,
    max_n: 0,
    unsent: 0,
    oldest_unsent_at: null,
    persisted: true,
    usage_bytes: null,
    quota_bytes: null,
  }
  const own = { device_id: enrolled.device_id }
  await push(ledger, { ...own, ...session }, { ...own, epoch: null, health, ops: [] }, now)
}

/**
 * Adds nine community stores with half a year of history each, the later ones with more loyal
 * customers; the last of them fell silent a week ago. Returns their ids.
 */
export async function growChain(
  ledger: Ledger,
  admin_id: string,
  regions: readonly string[],
  place: Record<string, unknown>,
): Promise<string[]> {
  const now = Date.now()
  const random = seededRandom(3)
  const stores = Array.from({ length: STORES }, () => ledger.ports.uuid())
  const drafts = stores.flatMap((record_id, index): TimedDraft[] => {
    const payload = { name: `社区${index + 1}店`, region_id: regions[index % regions.length] }
    const record = { store_id: CHAIN, kind: 'store', record_id, type: 'create' as const }
    const loyalty = 0.7 + 0.03 * index
    const lives = Array.from({ length: CUSTOMERS }, () =>
      lifeOf(ledger, record_id, loyalty, random, now),
    )
    return [{ ...record, payload: { ...payload, ...place, format: 'community' } }, ...lives.flat()]
  })
  const writer = { session: await ensureDesk(ledger), actor_id: admin_id, unlock_id: null }
  const results = await writeDrafts(ledger, writer, drafts, now)
  const refused = results.find((result) => result.status !== 'applied')
  if (refused) throw new Error(`a grown store was refused: ${JSON.stringify(refused)}`)
  for (const [index, store] of stores.entries())
    await speak(ledger, admin_id, store, now - (index === STORES - 1 ? 7 * DAY_MS : 0))
  return stores
}
