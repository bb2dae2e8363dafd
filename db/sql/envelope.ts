import * as v from 'valibot'
import type { Session } from '#model/access.ts'
import { jsonFault } from '#model/limits.ts'
import { Op, SCHEMA } from '#model/op.ts'
import { type Refusal, refuse } from '#model/refusal.ts'

// An op that is none must not hold up the others for ever. Where its place in the chain can be
// read, what came of it is kept under that place, refused, and the chain goes on.

/** The kind under which it is kept; no version knows it, so it is never applied. */
export const UNREADABLE = 'unreadable'
const RAW_MAX_CHARS = 16 * 1024

const Place = v.pick(Op, ['op_id', 'n', 'prev', 'hash'])
const Tx = v.object({ tx: Op.entries.tx })
const Author = v.object({ actor_id: Op.entries.actor_id })
const Clock = v.object({ ts_wall: Op.entries.ts_wall })

export interface Received {
  ops: Op[]
  /** Why ops cannot be read, by number. */
  refusals: Map<number, Refusal>
  /** Not even the place of an op could be read: nothing from it on was taken. */
  isCut: boolean
}

/** What was sent, as text that both engines keep; too deep for text means too deep to keep. */
function textOf(raw: unknown): string {
  if (jsonFault(raw) === 'depth') return ''
  return (JSON.stringify(raw) ?? '').slice(0, RAW_MAX_CHARS).toWellFormed()
}

function fieldOf<T extends object>(
  schema: v.GenericSchema<unknown, T>,
  raw: unknown,
): T | undefined {
  const read = v.safeParse(schema, raw)
  return read.success ? read.output : undefined
}

function standIn(raw: unknown, session: Session, now: number): Op | null {
  const place = fieldOf(Place, raw)
  if (!place) return null
  const tx = fieldOf(Tx, raw)?.tx
  return {
    ...place,
    ...(tx === undefined ? {} : { tx }),
    actor_id: fieldOf(Author, raw)?.actor_id ?? session.device_id,
    unlock_id: null,
    store_id: session.book,
    kind: UNREADABLE,
    record_id: place.op_id,
    base_seq: 0,
    schema: SCHEMA,
    ts_wall: fieldOf(Clock, raw)?.ts_wall ?? now,
    offset_ms: 0,
    ts_mono: 0,
    type: 'create',
    payload: { raw: textOf(raw) },
  }
}

/** Reads the ops of a push one by one, in the order in which they were sent. */
export function readEnvelopes(raw: readonly unknown[], session: Session, now: number): Received {
  const received: Received = { ops: [], refusals: new Map(), isCut: false }
  for (const one of raw) {
    const fault = jsonFault(one)
    const read = v.safeParse(Op, one)
    if (read.success && (fault === null || fault === 'string' || fault === 'keys')) {
      received.ops.push(read.output)
      continue
    }
    const op = standIn(one, session, now)
    if (!op) return { ...received, isCut: true }
    received.ops.push(op)
    const path = read.success ? null : v.getDotPath(read.issues[0])
    received.refusals.set(op.n, refuse('malformed', path?.split('.', 1).join() ?? fault ?? 'op'))
  }
  return received
}
