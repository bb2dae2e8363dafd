import { SCHEMA } from '#model/op.ts'
import type { Health } from '#model/protocol.ts'
import { getDevice } from '#web/local/device.ts'
import { readMetas } from '#web/local/meta.ts'
import { readProgress, readUnsent } from '#web/local/status.ts'
import type { Trouble } from '#web/local/tables.ts'
import type { Asking } from './asking.ts'

/** Trouble that is not over by the fact that this report arrives. */
const LASTING: readonly Trouble[] = ['fork', 'revoked', 'storage', 'update']

/**
 * How this tablet is, for the fleet's dashboard; goes along with every push and pull, so all that
 * the database knows of it is read at once.
 */
export async function readHealth({
  local,
  appVersion,
  storage,
  isInstalled,
}: Asking): Promise<Health> {
  const { db } = local
  const [device, unsent, progress, meta] = await db.transaction(
    'r',
    [db.meta, db.op, db.part_index],
    () =>
      Promise.all([
        getDevice(local),
        readUnsent(local),
        readProgress(local),
        readMetas(db, ['reopens', 'erasing', 'downloaded']),
      ]),
  )
  const { usage, quota, persisted } = await storage()
  const trouble = LASTING.find((one) => one === device?.trouble) ?? null
  return {
    app_version: appVersion,
    schema: SCHEMA,
    client_now: local.deps.now(),
    max_n: device?.head.n ?? 0,
    ...unsent,
    persisted,
    usage_bytes: usage === null ? null : Math.round(usage),
    quota_bytes: quota === null ? null : Math.round(quota),
    ...(isInstalled === undefined ? {} : { installed: isInstalled }),
    download: progress && { done: progress.parts, total: progress.partsTotal },
    reopens: meta.reopens ?? 0,
    trouble,
    erasing: meta.erasing?.length ?? 0,
    downloaded: meta.downloaded ?? null,
  }
}
