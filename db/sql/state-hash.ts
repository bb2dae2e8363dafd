import { createHash } from 'node:crypto'
import { getTableColumns } from 'drizzle-orm'
import { canonicalJson } from '#model/canonical.ts'
import type { Ledger } from './ledger.ts'
import type { TableName } from './tables.ts'

/** What must be equal on two engines that received the same ops: records, history and figures. */
const HASHED: readonly TableName[] = [
  'region',
  'store',
  'staff',
  'device',
  'tagGroup',
  'tag',
  'deskRecord',
  'phoneDirectory',
  'opSeen',
  'customer',
  'tagging',
  'customerLink',
  'customerForward',
  'visit',
  'history',
  'movement',
  'metricDay',
  'metricMonth',
  'rollupDay',
  'rollupMonth',
]

/** When a row was written or rolled up depends on how its ops came in batches. */
const UNHASHED = new Set(['written_at', 'rolled'])

/** A figure that went back to zero is no figure. */
function isZero(row: Record<string, unknown>): boolean {
  return 'value' in row && row['value'] === 0
}

/** SHA-256 over every hashed table's rows in canonical form, sorted by their text. */
export async function stateHash(
  ledger: Ledger,
  without: ReadonlySet<TableName> = new Set(),
): Promise<string> {
  const hash = createHash('sha256')
  for (const name of HASHED.filter((table) => !without.has(table))) {
    const table = ledger.t[name]
    const columns = Object.keys(getTableColumns(table)).filter((name) => !UNHASHED.has(name))
    const rows: Record<string, unknown>[] = await ledger.db.select().from(table)
    const lines = rows
      .filter((row) => !isZero(row))
      .map((row) =>
        canonicalJson(Object.fromEntries(columns.map((key) => [key, row[key] ?? null]))),
      )
      .sort((a, b) => (a < b ? -1 : 1))
    hash.update(`${name}\n${lines.join('\n')}\n`)
  }
  return hash.digest('hex')
}
