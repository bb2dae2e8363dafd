// Work that no screen waits for, after everything else is done.
import { pruneDrafts } from '#web/local/drafts.ts'
import { wantsRepack } from '#web/local/generations.ts'
import { readLastVisits } from '#web/local/last-visits.ts'
import { pruneAcked } from '#web/local/skip.ts'
import { pruneVisitors } from '#web/local/visitors.ts'
import type { Asking } from './asking.ts'
import { download } from './download.ts'

const TIDY_EVERY_MS = 6 * 3_600_000

export class Tidy {
  #doneAt = -Infinity

  /** Stops early when `isHurried` says that something came up. Throws TransportError. */
  async run(
    { local, transport }: Asking,
    storeId: string,
    isHurried: () => boolean,
  ): Promise<void> {
    await readLastVisits(local, storeId, () => !isHurried())
    const now = local.deps.now()
    if (Math.abs(now - this.#doneAt) < TIDY_EVERY_MS || isHurried()) return
    this.#doneAt = now
    await pruneAcked(local)
    await pruneDrafts(local)
    await pruneVisitors(local)
    if (await wantsRepack(local, storeId)) await download(local, transport, storeId)
  }
}
