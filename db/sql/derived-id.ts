import { uuidFromBytes } from '#model/id.ts'
import type { Ledger } from './ledger.ts'

/** An id made from what a record is about: two people who make it at once make one record. */
export function derivedId({ ports }: Pick<Ledger, 'ports'>, about: string): string {
  return uuidFromBytes(Buffer.from(ports.sha256(about), 'hex'))
}
