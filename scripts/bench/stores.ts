import { CHAIN } from '#model/id.ts'
import { ensureDesk } from '#sql/devices.ts'
import type { Ledger } from '#sql/ledger.ts'
import { setUpChain } from '#sql/setup.ts'
import { type TimedDraft, type Writer, writeDrafts } from '#sql/write.ts'

const DAY_MS = 86_400_000

export interface BenchStore {
  id: string
  clerk: string
  customers: string[]
}

/** Writes drafts and stops when one is refused: a bench of refusals would look fast. */
export async function mustWrite(
  ledger: Ledger,
  writer: Writer,
  drafts: TimedDraft[],
  now: number,
): Promise<void> {
  const results = await writeDrafts(ledger, writer, drafts, now)
  const refused = results.find((result) => result.status !== 'applied')
  if (refused) throw new Error(`the bench chain was refused: ${JSON.stringify(refused)}`)
}

function create(kind: string, record_id: string, payload: Record<string, unknown>): TimedDraft {
  return { store_id: CHAIN, kind, record_id, type: 'create', payload }
}

/** A chain of one region with as many stores and customers per store as asked for. */
export async function makeStores(ledger: Ledger, count: number, perStore: number, now: number) {
  const { uuid } = ledger.ports
  const place = { zone: 'Asia/Shanghai', currency: 'CNY', country: 'CN' }
  const founded = await setUpChain(
    ledger,
    { chain_name: 'Bench', admin_name: 'Admin', ...place },
    now,
  )
  const writer = { session: await ensureDesk(ledger), actor_id: founded.staff_id, unlock_id: null }
  const region_id = uuid()
  const stores: BenchStore[] = Array.from({ length: count }, () => ({
    id: uuid(),
    clerk: uuid(),
    customers: Array.from({ length: perStore }, uuid),
  }))
  await mustWrite(ledger, writer, [create('region', region_id, { name: 'Region' })], now)
  const places = stores.flatMap(({ id, clerk }, index) => [
    create('store', id, { name: `Store ${index}`, region_id, ...place }),
    create('staff', clerk, { name: 'Clerk', role: 'clerk', store_ids: [id] }),
  ])
  await mustWrite(ledger, writer, places, now)
  for (const { id, customers } of stores) {
    const drafts = customers.map((record_id, index): TimedDraft => {
      const phone = `+86138${String(index).padStart(8, '0')}`
      const payload = { name: `张伟${index}`, phone, home_store_id: id }
      return { store_id: id, kind: 'customer', record_id, type: 'create', payload }
    })
    await mustWrite(
      ledger,
      writer,
      drafts.map((draft) => ({ ...draft, at: now - 400 * DAY_MS })),
      now,
    )
  }
  return { stores, writer, admin_id: founded.staff_id, region_id }
}
