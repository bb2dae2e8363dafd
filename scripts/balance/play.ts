// Tells a ledger what happened, in the order of arrival, and closes the months on the way.
import { must } from '#model/assert.ts'
import { DAY_MS } from '#model/calendar.ts'
import { CHAIN } from '#model/id.ts'
import { monthOf } from '#model/period.ts'
import { closeMonth } from '#sql/close.ts'
import { ensureDesk } from '#sql/devices.ts'
import type { Ledger } from '#sql/ledger.ts'
import { rollUp } from '#sql/rollup.ts'
import { setUpChain } from '#sql/setup.ts'
import { type Writer, writeDrafts } from '#sql/write.ts'
import type { Happening } from './plan.ts'

const BATCH = 200
/** Headquarters closes a month so long after its end. */
const CLOSES_AFTER_DAYS = 5

export interface PlayedChain {
  writer: Writer
  stores: { id: string; region_id: string }[]
}

/** Twelve stores in three regions; ids come from the ledger's ports. */
export async function makeRegions(
  ledger: Ledger,
  now: number,
  sizes: readonly number[] = [5, 4, 3],
): Promise<PlayedChain> {
  const { uuid } = ledger.ports
  const place = { zone: 'Asia/Shanghai', currency: 'CNY', country: 'CN' }
  const { staff_id } = await setUpChain(
    ledger,
    { chain_name: 'Balance', admin_name: 'Admin', ...place },
    now,
  )
  const writer = { session: await ensureDesk(ledger), actor_id: staff_id, unlock_id: null }
  const regions = sizes.map((stores) => ({ id: uuid(), stores }))
  const stores = regions.flatMap((region) =>
    Array.from({ length: region.stores }, () => ({ id: uuid(), region_id: region.id })),
  )
  const create = (kind: string, record_id: string, payload: Record<string, unknown>) => {
    return { store_id: CHAIN, kind, record_id, type: 'create' as const, payload }
  }
  const drafts = [
    ...regions.map(({ id }, nth) => create('region', id, { name: `Region ${nth}` })),
    ...stores.map(({ id, region_id }, nth) =>
      create('store', id, { name: `Store ${nth}`, region_id, ...place }),
    ),
  ]
  const results = await writeDrafts(ledger, writer, drafts, now)
  must(results.every(({ status }) => status === 'applied') || null, 'a chain that is taken')
  return { writer, stores }
}

async function rollAll(ledger: Ledger): Promise<void> {
  while ((await rollUp(ledger)) > 0);
}

/** Tells all of it. Gives how many ops took effect; the plan holds none that is to be refused. */
export async function play(
  ledger: Ledger,
  { writer }: PlayedChain,
  plan: readonly Happening[],
  closes: boolean,
): Promise<number> {
  let toClose = monthOf(Math.floor((plan[0]?.sentAt ?? 0) / DAY_MS))
  let applied = 0
  for (let at = 0; at < plan.length; at += BATCH) {
    const batch = plan.slice(at, at + BATCH)
    const now = Math.max(...batch.map((one) => one.sentAt))
    const drafts = batch.map(({ draft, sentAt }) => ({ ...draft, received_at: sentAt }))
    for (const { status, reason, op_id } of await writeDrafts(ledger, writer, drafts, now)) {
      if (status !== 'applied') throw new Error(`${op_id} was refused: ${reason ?? status}`)
      applied += 1
    }
    const today = Math.floor(now / DAY_MS)
    while (closes && today >= toClose.to + CLOSES_AFTER_DAYS) {
      await rollAll(ledger)
      const refusal = await closeMonth(ledger, writer, toClose, today, () => now)
      if (refusal) throw new Error(`${toClose.text} could not be closed: ${refusal}`)
      toClose = monthOf(toClose.to)
    }
  }
  await rollAll(ledger)
  return applied
}
