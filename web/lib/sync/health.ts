import { SCHEMA } from '#model/op.ts'
import type { Health } from '#model/protocol.ts'
import type { Local } from '#web/local/database.ts'
import { getDevice } from '#web/local/device.ts'
import type { StorageReport } from '#web/local/read.ts'
import { readStatus } from '#web/local/status.ts'

/** How this tablet is, for the fleet's dashboard; goes along with every push and pull. */
export async function readHealth(
  local: Local,
  appVersion: string,
  storage: () => Promise<StorageReport>,
): Promise<Health> {
  const [device, status] = await Promise.all([getDevice(local), readStatus(local)])
  const { usage, quota, persisted } = await storage()
  return {
    app_version: appVersion,
    schema: SCHEMA,
    client_now: local.deps.now(),
    max_n: device?.head.n ?? 0,
    unsent: status.waiting,
    oldest_unsent_at: status.oldestWaitingAt,
    persisted,
    usage_bytes: usage === null ? null : Math.round(usage),
    quota_bytes: quota === null ? null : Math.round(quota),
  }
}
