// `npm run rebuild`: computes every figure anew from the facts and reports what differs from what
// was kept by difference. There must be nothing. `--write` puts right what is wrong.
// `--activity-window DAYS` sets the chain's activity window and counts all figures by it.
import { parseArgs } from 'node:util'
import * as v from 'valibot'
import type { Config } from '#api/config.ts'
import { ACTIVITY_DAYS, ActivityDays } from '#model/activity-window.ts'
import { BackupError } from '#sql/backup-files.ts'
import type { Difference } from '#sql/difference.ts'
import type { Ledger } from '#sql/ledger.ts'
import { rebuild } from '#sql/rebuild.ts'
import { openLedger } from '#sql/open-ledger.ts'
import { nodePorts } from '#sql/ports.ts'
import { restate } from '#sql/restate.ts'
import { checkUnused } from '#sql/restore.ts'
import { refuseUsers } from './postgres-restore.ts'
import { settingsOrExit } from './serve.ts'

const SHOWN_MAX = 50

const { values } = parseArgs({
  options: {
    write: { type: 'boolean' },
    data: { type: 'string' },
    'activity-window': { type: 'string' },
  },
})
if (values.data !== undefined) process.env['DATA_DIR'] = values.data
const write = values.write ?? false

function describe({ what, store_id, key, kept, recounted }: Difference): string {
  return `${what} of ${store_id}, ${key}: kept ${kept}, counted ${recounted}`
}

/** The window that was asked for; null: none was. */
function askedDays(): number | null {
  const text = values['activity-window']
  if (text === undefined) return null
  const read = v.safeParse(ActivityDays, /^\d+$/.test(text) ? Number(text) : NaN)
  if (read.success) return read.output
  const { min, max } = ACTIVITY_DAYS
  console.error(`--activity-window is a whole number of days from ${min} to ${max}, not ${text}`)
  process.exit(2)
}

async function compare(ledger: Ledger): Promise<void> {
  let count = 0
  const found = (difference: Difference) => {
    count += 1
    if (count <= SHOWN_MAX) console.log(describe(difference))
  }
  await rebuild(ledger, { write, found })
  if (count > SHOWN_MAX) console.log(`... and ${count - SHOWN_MAX} more`)
  console.log(`${count} differences${write && count > 0 ? ', repaired' : ''}`)
  process.exitCode = count === 0 ? 0 : 1
}

/** Throws BackupError while a server runs: it would go on counting by the window that it knows. */
async function checkStopped({ isPostgres, ledgerUrl }: Config): Promise<void> {
  if (isPostgres) await refuseUsers(ledgerUrl)
  else checkUnused(ledgerUrl)
}

async function setWindow(ledger: Ledger, days: number): Promise<void> {
  const before = ledger.activityDays
  const start = performance.now()
  const done = await restate(ledger, Date.now, days)
  if (before === days) {
    console.log(`The activity window is ${days} days already.`)
    return
  }
  const seconds = ((performance.now() - start) / 1000).toFixed(1)
  const { figures, stores } = done ?? { figures: 0, stores: 0 }
  console.log(`Activity window: ${before} → ${days} days, all figures counted anew in ${seconds} s`)
  console.log(`${figures} figures of ${stores} stores came out otherwise`)
}

async function main(): Promise<void> {
  const config = settingsOrExit({})
  const days = askedDays()
  if (days !== null) await checkStopped(config)
  const ledger = await openLedger(config.ledgerUrl, nodePorts)
  try {
    if (days === null) await compare(ledger)
    else await setWindow(ledger, days)
  } finally {
    await ledger.close()
  }
}

try {
  await main()
} catch (error) {
  if (!(error instanceof BackupError)) throw error
  console.error(error.message)
  process.exitCode = 1
}
