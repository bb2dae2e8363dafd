import { DAY_MS } from '#model/calendar.ts'
import { compact } from '#sql/compact.ts'
import type { Ledger } from '#sql/ledger.ts'
import { endIdleLinks } from '#sql/links.ts'
import { lastRecount, recount } from '#sql/recount.ts'
import { readOrg, todayAt } from '#sql/reports.ts'
import { isBehind } from '#sql/rollup.ts'
import { describeFault, type Log } from './log.ts'

const EVERY_MS = 3_600_000
const FIRST_AFTER_MS = 60_000

/** Ends linked copies that no fact has used for 180 days; returns how many. */
export async function endAllIdleLinks(ledger: Ledger, now: number): Promise<number> {
  const today = Math.floor(now / DAY_MS)
  let ended = 0
  for (;;) {
    const some = await endIdleLinks(ledger, today)
    if (some === 0) return ended
    ended += some
  }
}

/** Counts the customers of yesterday a second time, once a day; says how many stores differ. */
export async function recountDaily(ledger: Ledger, now: number): Promise<number> {
  const day = todayAt(await readOrg(ledger), now) - 1
  const last = await lastRecount(ledger)
  if (last && last.day >= day) return 0
  if (await isBehind(ledger, day + 1)) return 0 // The next turn finds the figures whole.
  return (await recount(ledger, day, now)).faults.length
}

/**
 * Looks once an hour for what has run out or may be forgotten. A turn that fails is told and
 * repeated in the next.
 */
export function startUpkeep(
  ledger: Ledger,
  log: Log,
  clock: () => number,
): { stop(): Promise<void> } {
  let running: Promise<void> = Promise.resolve()
  const turn = async () => {
    try {
      const ended = await endAllIdleLinks(ledger, clock())
      if (ended > 0) log.info({ ended }, 'idle links ended')
      const compacted = await compact(ledger, clock())
      const differing = await recountDaily(ledger, clock())
      if (differing > 0) log.error({ stores: differing }, 'a recount found other customers')
      if (Object.values(compacted).some((rows) => rows > 0)) log.info(compacted, 'compacted')
    } catch (error) {
      log.error(describeFault(error), 'upkeep failed')
    }
  }
  const first = setTimeout(() => (running = turn()), FIRST_AFTER_MS)
  const timer = setInterval(() => (running = turn()), EVERY_MS)
  return {
    stop: () => {
      clearTimeout(first)
      clearInterval(timer)
      return running
    },
  }
}
