// `npm run demo`: makes the demo chain once, and serves it. `--fresh` starts over.
import { parseArgs } from 'node:util'
import { join } from 'node:path'
import { describeDoors, giveCode } from './demo/doors.ts'
import { FULL_SIZE } from './demo/make.ts'
import { DemoError, prepareDemo } from './demo/prepare.ts'
import { serve, settingsOrExit } from './serve.ts'

const { values } = parseArgs({ options: { fresh: { type: 'boolean' } } })
// The demo is always a SQLite file of its own, whatever database a real installation here uses.
delete process.env['DATABASE_URL']
const config = settingsOrExit({ DATA_DIR: join('data', 'demo'), LOG_LEVEL: 'warn' })

try {
  const say = (line: string) => console.log(line)
  const doors = await prepareDemo(config, FULL_SIZE, values.fresh ?? false, Date.now, say)
  await serve(config, async ({ ledger, url }) =>
    describeDoors(doors, await giveCode(ledger, doors, Date.now()), url),
  )
} catch (error) {
  if (!(error instanceof DemoError)) throw error
  console.error(error.message)
  process.exitCode = 2
}
