import { headsOf } from '#sql/feed-heads.ts'
import type { Ledger } from '#sql/ledger.ts'
import { describeFault, type Log } from './log.ts'
import type { Pokes } from './pokes.ts'

const EVERY_MS = 1_000

/**
 * Carries news of heads to those who listen. This process is told of its own commits; where others
 * may write to the same database, the heads that somebody listens to are looked up every second.
 */
export function followHeads(ledger: Ledger, pokes: Pokes, log: Log): { stop(): Promise<void> } {
  const unlisten = ledger.onHeads((heads) => pokes.hear(heads))
  if (ledger.dialect === 'sqlite')
    return {
      stop: () => {
        unlisten()
        return Promise.resolve()
      },
    }
  let looking: Promise<void> = Promise.resolve()
  let isLooking = false
  const look = async () => {
    isLooking = true
    try {
      if (pokes.size > 0) pokes.hear(await headsOf(ledger, pokes.feeds))
    } catch (error) {
      // Nothing is lost: the next look finds what this one did not.
      log.warn(describeFault(error), 'heads were not read')
    }
    isLooking = false
  }
  const timer = setInterval(() => {
    if (!isLooking) looking = look()
  }, EVERY_MS)
  return {
    stop: () => {
      unlisten()
      clearInterval(timer)
      return looking
    },
  }
}
