import { DAY_MS } from '#model/calendar.ts'
import { ensureDesk } from '#sql/devices.ts'
import type { Ledger } from '#sql/ledger.ts'
import { type TimedDraft, writeDrafts } from '#sql/write.ts'

/** Days ago of each customer's visits: regulars, one who is lost, one who came back. */
const EVERY_FORTY = [680, 640, 600, 560, 520, 480, 440, 400, 360, 320, 280, 240, 200, 160]
const LIVES: Record<string, number[]> = {
  秦安: [...EVERY_FORTY, 120, 80, 40, 5],
  宋玉: [...EVERY_FORTY, 110, 75, 35, 3],
  唐宁: [...EVERY_FORTY, 130, 90, 50, 15],
  韩冬: [...EVERY_FORTY, 120],
  苏青: [400, 20],
  邓超: [300, 240, 180, 120, 60, 30],
  任重: [300, 240, 180, 120, 60, 30],
  高远: [300, 240, 180, 120, 60, 30],
}

/**
 * Gives every store the same regulars of two years, and lets one of them move from the first store
 * to the second, two be found to be one person, and one be forgotten, in each within 90 days.
 */
export async function tellYears(ledger: Ledger, actor_id: string, stores: readonly string[]) {
  const now = Date.now()
  const ago = (days: number) => now - days * DAY_MS
  const people = new Map<string, string>()
  const drafts = stores.flatMap((store_id) =>
    Object.entries(LIVES).flatMap(([name, days], nth): TimedDraft[] => {
      const record_id = ledger.ports.uuid()
      people.set(`${store_id} ${name}`, record_id)
      const own = { store_id, kind: 'customer', record_id, type: 'create' as const }
      const visits = days.map((day): TimedDraft => {
        const visit = { customer_id: record_id, home_store_id: store_id, purpose: 'buy' }
        const payload = { ...visit, spend_minor: 4_000 + 10 * day + nth }
        const record = { kind: 'visit', record_id: ledger.ports.uuid(), type: 'visit' as const }
        return { store_id, ...record, payload, at: ago(day) }
      })
      return [{ ...own, payload: { name, home_store_id: store_id }, at: ago(700) }, ...visits]
    }),
  )
  const acts = stores.flatMap((store_id, nth): TimedDraft[] => {
    const of = (name: string) => people.get(`${store_id} ${name}`) ?? ''
    const home = { home_store_id: store_id }
    const into = { into_id: of('邓超'), into_home_store_id: store_id }
    const customer = { store_id, kind: 'customer' }
    const move = { ...home, to_store_id: stores[nth === 0 ? 1 : 0] }
    return [
      {
        store_id,
        kind: 'transfer',
        record_id: of('唐宁'),
        type: 'set',
        payload: move,
        at: ago(10),
      },
      {
        ...customer,
        record_id: of('任重'),
        type: 'merge',
        payload: { ...home, ...into },
        at: ago(9),
      },
      {
        ...customer,
        record_id: of('高远'),
        type: 'erase',
        payload: { ...home, cause: 'request' },
        at: ago(8),
      },
    ]
  })
  const writer = { session: await ensureDesk(ledger), actor_id, unlock_id: null }
  const results = await writeDrafts(ledger, writer, drafts, now)
  results.push(...(await writeDrafts(ledger, writer, acts, now)))
  const refused = results.find((result) => result.status !== 'applied')
  if (refused) throw new Error(`two years were refused: ${JSON.stringify(refused)}`)
}
