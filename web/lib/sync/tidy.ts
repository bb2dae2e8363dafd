// Work that no screen waits for, after everything else is done.
import { ERASED_ASK_MAX } from '#model/limits.ts'
import type { Local } from '#web/local/database.ts'
import { pruneDrafts } from '#web/local/drafts.ts'
import { strangersHere, takeErased } from '#web/local/erased.ts'
import { wantsRepack } from '#web/local/generations.ts'
import { readLastVisits } from '#web/local/last-visits.ts'
import { pruneAcked } from '#web/local/skip.ts'
import { pruneVisitors } from '#web/local/visitors.ts'
import type { Asking } from './asking.ts'
import { download } from './download.ts'
import type { Transport } from './transport.ts'

const TIDY_EVERY_MS = 6 * 3_600_000

/** Asks about people of whom no feed will tell this tablet that they were erased. */
async function askForErased(local: Local, transport: Transport): Promise<void> {
  const strangers = await strangersHere(local)
  for (let at = 0; at < strangers.length; at += ERASED_ASK_MAX) {
    const { erased } = await transport.erased(strangers.slice(at, at + ERASED_ASK_MAX))
    await takeErased(local, erased)
  }
}

export class Tidy {
  #doneAt = -Infinity
  #doneAtMono = -Infinity

  /** Stops early when `isHurried` says that something came up. Throws TransportError. */
  async run(
    { local, transport }: Asking,
    storeId: string,
    isHurried: () => boolean,
  ): Promise<void> {
    await readLastVisits(local, storeId, () => !isHurried())
    const [now, mono] = [local.deps.now(), local.deps.monotonic()]
    if (!this.#isDue(now, mono) || isHurried()) return
    this.#doneAt = now
    this.#doneAtMono = mono
    await pruneAcked(local)
    await pruneDrafts(local)
    await pruneVisitors(local)
    await askForErased(local, transport)
    if (await wantsRepack(local, storeId)) await download(local, transport, storeId)
  }

  /** A clock that is put back hides time that passed; a tablet that sleeps may not count it. */
  #isDue(now: number, mono: number): boolean {
    const passed = Math.max(Math.abs(now - this.#doneAt), mono - this.#doneAtMono)
    return passed >= TIDY_EVERY_MS
  }
}
