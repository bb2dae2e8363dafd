import type { Ledger } from '#sql/ledger.ts'
import type { DiskFault } from '#sql/errors.ts'
import type { Log } from './log.ts'

const EVERY_MS = 1_000

const WORDS: Record<DiskFault, string> = {
  'disk-full': 'ALARM: the disk is full. Nothing is stored; reads go on',
  'read-only': 'ALARM: the disk takes no writes. Nothing is stored; reads go on',
  'disk-fault': 'ALARM: the disk fails. The writer was stopped and is opened anew; reads go on',
}

/**
 * Raises the alarm when the disk takes no writes, tries every second whether it does again, and
 * tells when it does. Devices need not wait for that: each of their pushes tries as well.
 */
export function watchWrites({ writes }: Ledger, log: Log): { stop(): Promise<void> } {
  const tell = (trouble: DiskFault | null, before: DiskFault | null) => {
    if (trouble) log.fatal({ reason: trouble }, WORDS[trouble])
    else log.info({ reason: before }, 'the disk takes writes again')
  }
  if (writes.trouble) tell(writes.trouble, null)
  const stopTelling = writes.onTrouble(tell)
  let running: Promise<void> = Promise.resolve()
  const probe = async () => {
    if (writes.trouble) await writes.probe().catch(() => undefined) // It is told by the listener.
  }
  const turn = () => {
    running = running.then(probe)
  }
  turn()
  const timer = setInterval(turn, EVERY_MS)
  return {
    stop: () => {
      clearInterval(timer)
      stopTelling()
      return running
    },
  }
}
