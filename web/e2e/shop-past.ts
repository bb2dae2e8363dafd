import { businessDay, DAY_MS, instantOf } from '#model/calendar.ts'
import { weekOf } from '#model/period.ts'
import { seededRandom } from '#model/stats/random.ts'
import { ensureDesk } from '#sql/devices.ts'
import type { Ledger } from '#sql/ledger.ts'
import { type TimedDraft, writeDrafts } from '#sql/write.ts'

const WEEKS = 60
const ZONE = 'Asia/Shanghai'
const NOON = 720

/** Somebody who came every ten days, and then stayed away for forty-two. */
function regularOf(ledger: Ledger, store_id: string, sunday: number): TimedDraft[] {
  const record_id = ledger.ports.uuid()
  const at = (day: number) => instantOf(day, NOON, ZONE)
  const payload = { name: '周小雨', home_store_id: store_id }
  const created = { store_id, kind: 'customer', record_id, type: 'create' as const, payload }
  const visits = [82, 72, 62, 52, 42].map((ago): TimedDraft => {
    const visit = { customer_id: record_id, home_store_id: store_id, purpose: 'buy' }
    const record = {
      store_id,
      kind: 'visit',
      record_id: ledger.ports.uuid(),
      type: 'visit' as const,
    }
    return { ...record, payload: { ...visit, spend_minor: 300_00 }, at: at(sunday - ago) }
  })
  return [{ ...created, at: at(sunday - 90) }, ...visits]
}

/**
 * Gives a store sixty weeks of visits, about 400 each, of which the last one that is over has half;
 * and a regular who stays away. Returns the Monday of that week.
 */
export async function plantBreak(
  ledger: Ledger,
  admin_id: string,
  store_id: string,
): Promise<number> {
  const now = Date.now()
  const random = seededRandom(7)
  const monday = weekOf(businessDay(now, ZONE, 240)).from - 7
  const tallies = Array.from({ length: WEEKS }, (_, at): TimedDraft => {
    const ago = WEEKS - 1 - at
    const count = Math.floor((ago === 0 ? 200 : 400) * (0.96 + 0.08 * random()))
    const payload = { customer_id: null, home_store_id: null, count, purpose: 'browse' }
    const record = {
      store_id,
      kind: 'visit',
      record_id: ledger.ports.uuid(),
      type: 'visit' as const,
    }
    return { ...record, payload, at: instantOf(monday - ago * 7 + 2, NOON, ZONE) }
  })
  const writer = { session: await ensureDesk(ledger), actor_id: admin_id, unlock_id: null }
  const drafts = [...tallies, ...regularOf(ledger, store_id, monday + 6)]
  const results = await writeDrafts(ledger, writer, drafts, now)
  const refused = results.find((result) => result.status !== 'applied')
  if (refused) throw new Error(`the past was refused: ${JSON.stringify(refused)}`)
  return monday * DAY_MS
}
