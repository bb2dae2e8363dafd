import type { Ledger } from '#sql/ledger.ts'
import { openLedger } from '#sql/open-ledger.ts'
import { nodePorts } from '#sql/ports.ts'
import { rebuild } from '#sql/rebuild.ts'
import { replay } from '#sql/replay.ts'
import { rollUp } from '#sql/rollup.ts'
import { stateHash } from '#sql/state-hash.ts'
import { startPostgres } from '../../scripts/postgres.ts'

/** What a ledger has to show after a browser test. */
export interface Verified {
  ops: number
  differences: number
  sqliteHash: string
  postgresHash: string
  postgresDifferences: number
}

async function settle(ledger: Ledger): Promise<void> {
  while ((await rollUp(ledger)) > 0);
}

/**
 * Recounts the ledger's figures, replays its ops on a new PostgreSQL, recounts there and takes
 * both state hashes, which must be equal.
 */
export async function verifyOnBothEngines(ledger: Ledger): Promise<Verified> {
  await settle(ledger)
  const differences = await rebuild(ledger, { write: false })
  const server = await startPostgres()
  try {
    const postgres = await openLedger(server.url, nodePorts)
    const ops = await replay(ledger, postgres)
    await settle(postgres)
    const again = await rebuild(postgres, { write: false })
    const result = {
      ops,
      differences: differences.length,
      sqliteHash: await stateHash(ledger),
      postgresHash: await stateHash(postgres),
      postgresDifferences: again.length,
    }
    await postgres.close()
    return result
  } finally {
    await server.stop()
  }
}
