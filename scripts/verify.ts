// `npm run verify`: walks every op of the ledger, or of a backup, and computes the chain of hashes
// anew. Names each op that is not as it was written, and ends with 1 if there is one. Only reads.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { openLedgerToRead } from '#sql/open-ledger.ts'
import { nodePorts } from '#sql/ports.ts'
import { type Broken, verifyChains } from '#sql/verify.ts'
import { settingsOrExit } from './serve.ts'

const SHOWN_MAX = 200

const { values, positionals } = parseArgs({
  options: { data: { type: 'string' } },
  allowPositionals: true,
})
if (values.data !== undefined) process.env['DATA_DIR'] = values.data
const [backup] = positionals

const WORDS: Record<Broken['what'], string> = {
  unreadable: 'what is stored is no op any more',
  rewritten: 'the text is not the one that was written',
  gap: 'ops before it are missing',
  column: 'a column beside the op says something else than the op',
  previous: 'it does not name the op before it',
  hash: 'its content does not fit its hash',
  order: 'it was received before the op with the number below',
  copy: 'the quarantine holds another text of it',
  head: "the device's counter does not stand at its last op",
  'no-device': 'ops of a device that has no counter',
}

function describe({ store_id, device_id, n, what }: Broken): string {
  const op = n === null ? '' : `, op ${n}`
  return `store ${store_id}, device ${device_id}${op}: ${WORDS[what]}`
}

function urlOrExit(): string {
  const { ledgerUrl, isPostgres } = settingsOrExit({})
  const url = backup === undefined ? ledgerUrl : join(backup, 'ledger.sqlite')
  if ((isPostgres && backup === undefined) || existsSync(url)) return url
  console.error(`There is no ledger at ${url}`)
  process.exit(2)
}

const began = Date.now()
const ledger = await openLedgerToRead(urlOrExit(), nodePorts)
try {
  let shown = 0
  const { devices, ops, broken } = await verifyChains(ledger, (one) => {
    if ((shown += 1) <= SHOWN_MAX) console.log(describe(one))
  })
  if (shown > SHOWN_MAX) console.log(`... and ${shown - SHOWN_MAX} more`)
  const time = `${((Date.now() - began) / 1000).toFixed(1)} s`
  console.log(`${ops} ops of ${devices} devices verified in ${time}: ${broken} faults`)
  process.exitCode = broken === 0 ? 0 : 1
} finally {
  await ledger.close()
}
