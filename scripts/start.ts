// `npm start`: serves a real installation from DATA_DIR, or from DATABASE_URL.
import { isEmpty } from '#sql/setup.ts'
import { serve, settingsOrExit } from './serve.ts'

const config = settingsOrExit({})

await serve(config, async ({ ledger, url }) =>
  (await isEmpty(ledger))
    ? `  Regulars 熟客 is running at ${url} and is empty.\n` +
      `  Make the chain and its first administrator at ${url}/setup`
    : `  Regulars 熟客 is running at ${url}`,
)
