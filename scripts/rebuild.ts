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
  let count = 0
  const found = (difference: Difference) => {
    count += 1
    if (count <= SHOWN_MAX) console.log(describe(difference))
  }
  await rebuild(ledger, { write, found })
  if (count > SHOWN_MAX) console.log(`... and ${count - SHOWN_MAX} more`)
  console.log(`${count} differences${write && count > 0 ? ', repaired' : ''}`)
  process.exitCode = count === 0 ? 0 : 1
} finally {
  await ledger.close()
}
