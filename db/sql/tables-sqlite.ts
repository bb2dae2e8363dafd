import { sqlite } from './dialect-sqlite.ts'
import { tables } from './tables.ts'

// The migration tool reads the tables as named exports.
export const {
  region,
  store,
  staff,
  device,
  tagGroup,
  tag,
  staffPin,
  enrolment,
  deviceToken,
  phoneDirectory,
  rollupDay,
  rollupMonth,
  feedHead,
  feedRow,
  part,
  deviceState,
  op,
  opSeen,
  quarantine,
  customer,
  tagging,
  customerLink,
  visit,
  history,
  metricDay,
  metricMonth,
  dirtyDay,
} = tables(sqlite)
