import { hash } from 'node:crypto'
import { uuidFromBytes } from '#model/id.ts'

/** Makes the ids of one source: the same (kind, external id) is the same record for ever. */
export interface Ids {
  record(kind: string, externalId: string): string
  /** The op that writes it, so that importing again repeats ops instead of making new ones. */
  op(kind: string, type: string, externalId: string): string
}

export function idsOf(source: string): Ids {
  const derive = (...parts: string[]) =>
    uuidFromBytes(hash('sha256', JSON.stringify([source, ...parts]), 'buffer'))
  return {
    record: (kind, externalId) => derive('record', kind, externalId),
    op: (kind, type, externalId) => derive('op', kind, type, externalId),
  }
}
