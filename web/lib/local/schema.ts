import { Dexie, type Table } from 'dexie'
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
    // Strict: a tap is answered only when it would survive a power cut.
    super(name, { chromeTransactionDurability: 'strict' })
    // Every index costs a row per record. Later versions only add tables and indexes, and no
    // upgrade may touch `op`.
    this.version(1).stores({
      part: '[set+no]',
      part_index: '[set+no]',
      row: '[feed+id], customer_id, day',
      view: 'id, customer_id, day',
      op: 'n, state, record_id, customer_id',
      meta: 'key',
      recent: 'id, at',
      visiting: 'id',
      draft: 'key',
    })
  }
}
