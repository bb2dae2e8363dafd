// `npm run rebuild`: computes every figure anew from the facts and reports what differs from what
// was kept by difference. There must be nothing. `--write` puts right what is wrong.
import { parseArgs } from 'node:util'
import type { Difference } from '#sql/difference.ts'
import { rebuild } from '#sql/rebuild.ts'
import { openLedger } from '#sql/open-ledger.ts'
import { nodePorts } from '#sql/ports.ts'
import { settingsOrExit } from './serve.ts'

const SHOWN_MAX = 50

const { values } = parseArgs({
  options: { write: { type: 'boolean' }, data: { type: 'string' } },
})
if (values.data !== undefined) process.env['DATA_DIR'] = values.data
const write = values.write ?? false

function describe({ what, store_id, key, kept, recounted }: Difference): string {
  return `${what} of ${store_id}, ${key}: kept ${kept}, counted ${recounted}`
}

const ledger = await openLedger(settingsOrExit({}).ledgerUrl, nodePorts)
try {
  const differences = await rebuild(ledger, { write })
  for (const difference of differences.slice(0, SHOWN_MAX)) console.log(describe(difference))
  const more = differences.length - SHOWN_MAX
  if (more > 0) console.log(`... and ${more} more`)
  console.log(
    `${differences.length} differences${write && differences.length > 0 ? ', repaired' : ''}`,
  )
  process.exitCode = differences.length === 0 ? 0 : 1
} finally {
  await ledger.close()
}
