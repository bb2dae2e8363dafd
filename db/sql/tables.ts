import { bookTables } from './tables-book.ts'
import { chainTables } from './tables-chain.ts'
import { deviceTables } from './tables-device.ts'
import type { Dialect } from './dialect-sqlite.ts'

/** Every table of the ledger, in the words of one engine. */
export const tables = (dialect: Dialect) => ({
  ...chainTables(dialect),
  ...bookTables(dialect),
  ...deviceTables(dialect),
})

export type Tables = ReturnType<typeof tables>
export type TableName = keyof Tables

/**
 * How each table is laid out when books lie on several machines: by store, by phone, or copied to
 * all. There is no fourth group; a test checks this list against the schema.
 */
export const GROUPS: Record<TableName, 'store' | 'phone' | 'reference'> = {
  region: 'reference',
  store: 'reference',
  staff: 'reference',
  device: 'reference',
  tagGroup: 'reference',
  tag: 'reference',
  staffPin: 'reference',
  enrolment: 'reference',
  deviceToken: 'reference',
  deskRecord: 'reference',
  closedStatement: 'reference',
  recount: 'reference',
  figuresState: 'reference',
  restatement: 'reference',
  rollupDay: 'reference',
  rollupMonth: 'reference',
  phoneDirectory: 'phone',
  feedHead: 'store',
  feedRow: 'store',
  deviceState: 'store',
  op: 'store',
  opSeen: 'store',
  quarantine: 'store',
  loss: 'store',
  deviceEvent: 'store',
  deviceHour: 'store',
  lagHour: 'store',
  customer: 'store',
  tagging: 'store',
  customerLink: 'store',
  customerForward: 'store',
  visit: 'store',
  history: 'store',
  metricDay: 'store',
  metricMonth: 'store',
  movement: 'store',
  dirtyDay: 'store',
  part: 'store',
}
