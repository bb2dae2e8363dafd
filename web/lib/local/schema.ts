import { Dexie, type Table, type Transaction } from 'dexie'
import { placeOf } from './place.ts'
import type {
  DraftRow,
  MetaKey,
  MetaRow,
  OpRow,
  OverlayRow,
  PartIndexRow,
  PartRow,
  RecentRow,
  ViewRow,
  VisitingRow,
} from './tables.ts'

/** Kinds that came with version 2. */
const NEW_KINDS = new Set(['decision', 'loss'])

export const TABLES_1 = {
  part: '[set+no]',
  part_index: '[set+no]',
  row: '[feed+id], customer_id, day',
  view: 'id, customer_id, day',
  op: 'n, state, record_id, customer_id',
  meta: 'key',
  recent: 'id, at',
  visiting: 'id',
  draft: 'key',
}

/** Rows that an older version kept unread, of kinds that this one knows, get their place. */
async function promoteRows(transaction: Transaction): Promise<void> {
  const rows = transaction.table<OverlayRow>('row')
  const promote = (row: OverlayRow) => {
    Object.assign(row, placeOf(row))
  }
  await rows.filter((row) => NEW_KINDS.has(row.kind)).modify(promote)
}

/** Nothing outside this folder names a table. */
export class LocalDatabase extends Dexie {
  declare part: Table<PartRow, [number, number]>
  declare part_index: Table<PartIndexRow, [number, number]>
  declare row: Table<OverlayRow, [string, string]>
  declare view: Table<ViewRow, string>
  declare op: Table<OpRow, number>
  declare meta: Table<MetaRow, MetaKey>
  declare recent: Table<RecentRow, string>
  declare visiting: Table<VisitingRow, string>
  declare draft: Table<DraftRow, string>

  constructor(name: string) {
    // Strict: a tap is answered only when it would survive a power cut. No cache: a screen shows
    // what the database holds, never what it is hoped to hold soon.
    super(name, { chromeTransactionDurability: 'strict', cache: 'disabled' })
    // Every index costs a row per record. Later versions only add tables and indexes, and no
    // upgrade may touch `op`.
    this.version(1).stores(TABLES_1)
    this.version(2)
      .stores({ row: `${TABLES_1.row}, about` })
      .upgrade(promoteRows)
  }

  /** True when a newer version of the app made this database; older ones may only read and send. */
  get isNewer(): boolean {
    return this.backendDB().version > Math.round(this.verno * 10)
  }
}
