import type { Scope } from '#model/access.ts'
import type { LossRow } from '#model/report.ts'
import { namesOf, storeNames } from './fleet-scope.ts'
import type { Ledger } from './ledger.ts'
import { lossesOf } from './loss.ts'

/** The loss ledger in words: what is missing, of which device, store and people; newest first. */
export async function lossRows(
  ledger: Ledger,
  scope: Scope,
  state: 'open' | 'closed',
  now: number,
  deviceId: string | null = null,
): Promise<LossRow[]> {
  const found = await lossesOf(ledger, scope, state, now)
  const losses = deviceId === null ? found : found.filter((one) => one.device_id === deviceId)
  const stores = await storeNames(ledger, scope)
  const deviceIds = losses.map((loss) => loss.device_id)
  const devices = await namesOf(ledger, 'device', deviceIds)
  const staffIds = losses.flatMap((loss) => loss.staff_ids)
  const staff = await namesOf(ledger, 'staff', staffIds)
  return losses.map((loss) => ({
    ...loss,
    device_name: devices.get(loss.device_id) ?? '',
    store_name: stores.get(loss.store_id)?.name ?? '',
    store_name_en: stores.get(loss.store_id)?.name_en ?? null,
    staff_names: loss.staff_ids.flatMap((id) => staff.get(id) ?? []),
  }))
}
