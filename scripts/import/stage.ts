import type { Ledger } from '#sql/ledger.ts'
import type { Findings } from './findings.ts'
import type { Homes } from './homes.ts'
import type { Ids } from './ids.ts'
import type { Mapping } from './mapping.ts'
import type { Sink } from './sink.ts'
import type { StoreRef } from './stores.ts'
import type { OnRagged } from './table.ts'
import type { TagBook } from './tags.ts'

/** What one run works with. Without a ledger it is a dry run: everything is read, nothing kept. */
export interface Job {
  folder: string
  mapping: Mapping
  ledger: Ledger | null
  findings: Findings
  now: () => number
  /** Called for every row read; `phase` says in words what is being done. */
  onRow: (phase: string) => void
}

/** A job with everything that its steps share. */
export interface Stage extends Job {
  ids: Ids
  homes: Homes
  tags: TagBook
  headOffice: StoreRef
  findStore: (key: string) => StoreRef | null
  reference: Sink
  facts: Sink
}

/** Notes rows that have not as many cells as their header. */
export function raggedOf({ findings }: Job, kind: string): OnRagged {
  return ({ file, row }, found, wanted) =>
    findings.add({
      file,
      row,
      severity: 'reject',
      kind,
      column: '',
      value: `${found} of ${wanted}`,
      reason: 'columns',
    })
}
