// The program whose writes are recorded: the real ledger takes the pushes of several devices at
// once, each device's one after the other, and notes each acknowledgement in a file of its own, so
// that the record of all writes also tells what a device had been told at any moment.
import { openSync, readFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Session } from '#model/access.ts'
import type { Push } from '#model/protocol.ts'
import { openLedger } from '#sql/open-ledger.ts'
import { nodePorts } from '#sql/ports.ts'
import { push } from '#sql/push.ts'
import { rollUp } from '#sql/rollup.ts'
import { ledgerFile } from './installation.ts'

/** A push as the driver sealed it, with the session its cookie would give. */
export interface PlannedPush {
  session: Session
  body: Push
}

/** In the data folder; the place in the plan of each acknowledged push, 4 bytes. */
export const ACKNOWLEDGEMENTS = 'acknowledgements'
const ROLL_UP_EVERY = 10

async function work(folder: string, plan: readonly PlannedPush[]): Promise<void> {
  const ledger = await openLedger(ledgerFile(folder), nodePorts)
  const acknowledgements = openSync(join(folder, ACKNOWLEDGEMENTS), 'a')
  const queues = Map.groupBy(plan.entries(), ([, { session }]) => session.device_id)
  const sendAll = async (queue: readonly [number, PlannedPush][]) => {
    for (const [index, { session, body }] of queue) {
      const reply = await push(ledger, session, body, Date.now())
      const wrong = reply.results.find((result) => result.status !== 'applied')
      if (wrong || reply.stop) throw new Error(`push ${index} was refused`)
      const place = Buffer.alloc(4)
      place.writeUInt32LE(index)
      writeSync(acknowledgements, place)
      if (index % ROLL_UP_EVERY === 0) await rollUp(ledger)
    }
  }
  await Promise.all([...queues.values()].map(sendAll))
  // A clean stop moves the log into the database and removes it; that is cut as well.
  await ledger.close()
}

const [folder, file] = process.argv.slice(2)
const isProgram = process.argv[1] === fileURLToPath(import.meta.url)
if (isProgram && folder !== undefined && file !== undefined)
  await work(folder, JSON.parse(readFileSync(file, 'utf8')) as PlannedPush[])
