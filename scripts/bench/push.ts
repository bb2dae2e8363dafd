import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import type { Session } from '#model/access.ts'
import { type DeviceHead, firstHash, headAfter, type Op, SCHEMA, sealOp } from '#model/op.ts'
import { createEnrolment, enrolDevice } from '#sql/devices.ts'
import type { Ledger } from '#sql/ledger.ts'
import { openLedger } from '#sql/open-ledger.ts'
import { nodePorts } from '#sql/ports.ts'
import { push } from '#sql/push.ts'
import { type Figure, timed } from './measure.ts'
import { type BenchStore, makeStores } from './stores.ts'

// Pushes of 50 new visits from 20 tablets, against the least that any server of ops must do on
// SQLite: the op, the record and the feed's number in one durable transaction per push.
const DEVICES = 20
const PUSHES = 10
const OPS = 50

export interface Load {
  session: Session
  batches: Op[][]
}

/** A tablet's visits as it would have sealed them, in `count` pushes of `size` ops. */
export function sealBatches(
  session: Session,
  actor: string,
  customers: string[],
  now: number,
  count = PUSHES,
  size = OPS,
): Op[][] {
  let head: DeviceHead = { n: 0, op_id: null, hash: firstHash(session.device_id) }
  return Array.from({ length: count }, (_, batch) =>
    Array.from({ length: size }, (_, index) => {
      const customer_id = customers[(batch * size + index) % customers.length] ?? null
      const payload = { customer_id, home_store_id: session.book, purpose: 'buy' }
      const record_id = nodePorts.uuid()
      const store_id = session.book
      const draft = { store_id, kind: 'visit', record_id, type: 'visit' as const, payload }
      const envelope = {
        op_id: nodePorts.uuid(),
        actor_id: actor,
        unlock_id: null,
        base_seq: 0,
        ts_wall: now - batch * 86_400_000,
        offset_ms: 0,
        ts_mono: 0,
      }
      const op = sealOp(draft, head, envelope, nodePorts.sha256)
      head = headAfter(op)
      return op
    }),
  )
}

/** A tablet of each store, let in through the real door, with what it will push. */
export async function loadsOf(
  ledger: Ledger,
  stores: readonly BenchStore[],
  admin_id: string,
  now: number,
): Promise<Load[]> {
  const loads: Load[] = []
  for (const { id: book, clerk, customers } of stores) {
    const code_hash = nodePorts.uuid()
    const enrolment = { code_hash, store_id: book, name: 'Bench', uses: 1, until: now + 1e6 }
    await createEnrolment(ledger, { ...enrolment, created_by: admin_id }, now)
    const device = await enrolDevice(ledger, code_hash, nodePorts.uuid(), now)
    if (!device) throw new Error('the bench tablet was not let in')
    const { device_id } = device
    const session: Session = { device_id, book, role: 'tablet', revoked: false, actor_id: null }
    loads.push({ session, batches: sealBatches(session, clerk, customers, now) })
  }
  return loads
}

/** All tablets at once, each one push after the other; stops when an op is refused. */
export async function pushAll(ledger: Ledger, loads: Load[], now: number): Promise<void> {
  const health = {
    app_version: 'bench',
    schema: SCHEMA,
    client_now: now,
    max_n: 0,
    unsent: 0,
    oldest_unsent_at: null,
    persisted: null,
    usage_bytes: null,
    quota_bytes: null,
  }
  await Promise.all(
    loads.map(async ({ session, batches }) => {
      const { device_id } = session
      for (const ops of batches) {
        const reply = await push(ledger, session, { device_id, epoch: null, health, ops }, now)
        const refused = reply.results.find((result) => result.status !== 'applied')
        if (refused) throw new Error(`the bench push was refused: ${JSON.stringify(refused)}`)
      }
    }),
  )
}

function runFloor(path: string, loads: Load[]): void {
  const db = new Database(path)
  db.pragma('journal_mode = WAL')
  db.pragma('synchronous = FULL')
  db.exec(`create table op (device text, n integer, op_id text, body text, primary key (device, n));
    create table record (id text primary key, seq integer, body text);
    create table head (store text primary key, seq integer)`)
  const op = db.prepare('insert into op values (?, ?, ?, ?)')
  const record = db.prepare('insert into record values (?, ?, ?)')
  const head = db.prepare(`insert into head values (?, ?)
    on conflict do update set seq = seq + excluded.seq returning seq`)
  const one = db.transaction((session: Session, ops: Op[]) => {
    let seq = (head.get(session.book, ops.length) as { seq: number }).seq - ops.length
    for (const each of ops) {
      op.run(session.device_id, each.n, each.op_id, JSON.stringify(each))
      record.run(each.record_id, ++seq, JSON.stringify(each.payload))
    }
  })
  for (let batch = 0; batch < PUSHES; batch += 1)
    for (const load of loads) one(load.session, load.batches[batch] ?? [])
  db.close()
}

/** Ops per second and CPU per op of the whole push, against the floor in the same run. */
export async function benchPush(now: number): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'regulars-bench-'))
  const ledger = await openLedger(join(folder, 'ledger.sqlite'), nodePorts)
  const { stores, admin_id } = await makeStores(ledger, DEVICES, 100, now)
  const loads = await loadsOf(ledger, stores, admin_id, now)
  const total = DEVICES * PUSHES * OPS
  const ours = await timed(() => pushAll(ledger, loads, now))
  const floor = await timed(() => runFloor(join(folder, 'floor.sqlite'), loads))
  await ledger.close()
  rmSync(folder, { recursive: true, force: true })
  const [rate, floorRate] = [ours, floor].map(({ wallMs }) => (total / wallMs) * 1000)
  const micros = (ours.cpuMs / total) * 1000
  return [
    {
      name: `Push of ${OPS} visits from ${DEVICES} tablets, synchronous=FULL`,
      value: `${(rate ?? 0).toFixed(0)} ops/s, ${micros.toFixed(0)} µs of CPU per op`,
      floor: `${(floorRate ?? 0).toFixed(0)} ops/s without validation, figures or history`,
      ratio: (rate ?? 0) / (floorRate ?? 1),
      goal: '0.40 x the floor and 35 µs per op',
      reached: (rate ?? 0) / (floorRate ?? 1) >= 0.4 && micros <= 35,
    },
  ]
}
