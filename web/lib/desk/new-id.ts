import { v7 } from 'uuid'

/** The id of a record made here: version 7, so that ids sort by the time of their making. */
export function newId(): string {
  return v7()
}
