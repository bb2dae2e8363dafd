import type { Session } from '#model/access.ts'
import type { Op } from '#model/op.ts'
import { median } from '#model/stats/quantile.ts'
import type { OpResult, PushBody, PushReply } from '#model/protocol.ts'
import { append, repetition, seenOps } from './append.ts'
import {
  type DeviceColumns,
  headOfDevice,
  healthColumns,
  lockDevice,
  saveHead,
} from './device-state.ts'
import type { Db } from './engine.ts'
import { readEnvelopes } from './envelope.ts'
import type { Ledger } from './ledger.ts'
import { knownOps, plan, type Plan } from './plan.ts'
import { retried } from './retried.ts'
import { noteContact } from './telemetry.ts'
import type { Item, Verdict } from './work.ts'

/** How ops that were taken before stand today; one that came under another name, by its own. */
async function resultsOf(
  ledger: Ledger,
  db: Db,
  taken: Plan['repeated'],
  verdicts: readonly Verdict[],
): Promise<OpResult[]> {
  const again = taken.flatMap(({ op, first }) => (first.status === 'dup' ? [op] : []))
  const dups = verdicts.flatMap(({ item, status }) => (status === 'dup' ? [item.op] : []))
  const seen = await seenOps(ledger, db, [...again, ...dups])
  const elsewhere = (op: Op) => {
    const first = seen.get(op.op_id)
    return repetition(op, first?.status ?? 'applied', first?.reason ?? null)
  }
  const repeated = taken.map(({ op, first: { status, reason } }) =>
    status === 'dup' ? elsewhere(op) : repetition(op, status, reason),
  )
  const fresh = verdicts.map(({ item: { op }, status, refusal }) =>
    status === 'dup' ? elsewhere(op) : { n: op.n, op_id: op.op_id, status, ...refusal },
  )
  return [...repeated, ...fresh]
}

function lagOf(fresh: readonly Item[]): { lag_ms?: number } {
  const lag = median(fresh.map((item) => item.received_at - item.at))
  return lag === null ? {} : { lag_ms: Math.round(lag) }
}

/** What is taken of a push; a device of another epoch has to follow the server first. */
async function planOf(
  ledger: Ledger,
  db: Db,
  session: Session,
  device: DeviceColumns,
  body: PushBody,
  now: number,
): Promise<Omit<Plan, 'stop'> & { stop?: NonNullable<PushReply['stop']> }> {
  if (body.epoch !== null && body.epoch !== device.epoch)
    return { fresh: [], repeated: [], head: headOfDevice(device), stop: 'reset' }
  const received = readEnvelopes(body.ops, session, now)
  const known = await knownOps(ledger, db, session, received.ops, device.last_n)
  const planned = plan(ledger, session, device, received, known, now)
  return received.isCut && !planned.stop ? { ...planned, stop: 'gap' } : planned
}

async function pushOnce(
  ledger: Ledger,
  db: Db,
  session: Session,
  body: PushBody,
  now: number,
): Promise<PushReply> {
  const device = await lockDevice(ledger, db, session)
  const { head, stop, ...planned } = await planOf(ledger, db, session, device, body, now)
  const verdicts = await append(ledger, db, session, planned.fresh)
  const health = healthColumns(body.health, device, now)
  const after = { ...health, ...lagOf(planned.fresh), last_push_at: now }
  await saveHead(ledger, db, session, head, after)
  await noteContact(ledger, db, {
    session,
    kind: 'push',
    before: device,
    after,
    health: body.health,
    now,
    verdicts,
    ...(stop ? { stop: { kind: stop, detail: { last_n: head.n } } } : {}),
  })
  return {
    epoch: device.epoch,
    last_n: head.n,
    last_op_id: head.op_id,
    last_hash: head.hash,
    server_now: now,
    results: await resultsOf(ledger, db, planned.repeated, verdicts),
    ...(stop ? { stop } : {}),
    ...(session.revoked ? { revoked: true } : {}),
  }
}

/**
 * Takes a device's ops, all in one transaction, and says what became of each. Repeating a push is
 * always safe. Throws LedgerError `unknown-device`; refused ops are results, never errors.
 */
export function push(
  ledger: Ledger,
  session: Session,
  body: PushBody,
  now: number,
): Promise<PushReply> {
  return retried(() => ledger.tx((db) => pushOnce(ledger, db, session, body, now)))
}
