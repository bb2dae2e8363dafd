import type { Ledger } from '#sql/ledger.ts'
import { rollUp } from '#sql/rollup.ts'
import { describeFault, type Log } from './log.ts'

const EVERY_MS = 1_000
const MARKS_PER_TURN = 2_000
const AFTER_FAULT_MS = 15_000

/** Keeps the figures of regions and chain up to date; `stop` waits for the turn that runs. */
export function startRollups(ledger: Ledger, log: Log): { stop(): Promise<void> } {
  let isStopping = false
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> = Promise.resolve()
  const turn = async () => {
    const waitMs = await rollUpOnce(ledger, log)
    if (!isStopping) wait(waitMs)
  }
  const wait = (ms: number) => {
    timer = setTimeout(() => (running = turn()), ms)
  }
  wait(0)
  return {
    stop: () => {
      isStopping = true
      clearTimeout(timer)
      return running
    },
  }
}

/** Rolls up some days of books. Returns how long to wait, in ms, before the next turn. */
async function rollUpOnce(ledger: Ledger, log: Log): Promise<number> {
  try {
    return (await rollUp(ledger, MARKS_PER_TURN)) > 0 ? 0 : EVERY_MS
  } catch (error) {
    // Safe to go on: dirty days stay dirty until a turn has computed them.
    log.error(describeFault(error), 'roll-up failed')
    return AFTER_FAULT_MS
  }
}
