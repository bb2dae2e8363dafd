import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { inject, test } from 'vitest'
import type { Session } from '#model/access.ts'
import { CHAIN } from '#model/id.ts'
import {
  type DeviceHead,
  type Draft,
  firstHash,
  headAfter,
  type Op,
  SCHEMA,
  sealOp,
} from '#model/op.ts'
import type { Health, PushReply } from '#model/protocol.ts'
import { createEnrolment, enrolDevice, ensureDesk } from './devices.ts'
import type { Difference } from './difference.ts'
import type { StatementWatch } from './engine.ts'
import type { Ledger } from './ledger.ts'
import { openLedger } from './open-ledger.ts'
import { nodePorts } from './ports.ts'
import { push } from './push.ts'
import { rebuild } from './rebuild.ts'
import { setUpChain } from './setup.ts'
import { writeDrafts, type Writer } from './write.ts'

export const ENGINES = ['sqlite', 'postgres'] as const
export type EngineName = (typeof ENGINES)[number]

/** Monday 2 November 2026, 10:00 in Shanghai. */
export const MONDAY_10AM = Date.UTC(2026, 10, 2, 2)

/** A new, empty ledger on the engine; on PostgreSQL in a database of its own. */
export async function openEmpty(engine: EngineName, watch?: StatementWatch): Promise<Ledger> {
  if (engine === 'sqlite') return openLedger(':memory:', nodePorts, watch)
  const admin = new pg.Client({ connectionString: inject('postgresUrl') })
  await admin.connect()
  const name = `test_${randomUUID().replaceAll('-', '')}`
  await admin.query(`create database ${name} template ${inject('emptyLedger')}`)
  await admin.end()
  const url = new URL(inject('postgresUrl'))
  url.pathname = `/${name}`
  return openLedger(url.href, nodePorts, watch)
}

/** One suite on both engines; PostgreSQL is skipped, and says so, only where none can start. */
export function onBothEngines(
  name: string,
  run: (engine: EngineName) => Promise<void>,
  timeoutMs = 60_000,
): void {
  for (const engine of ENGINES)
    test(`${name} (${engine})`, { timeout: timeoutMs }, async (context) => {
      if (engine === 'postgres' && inject('postgresUrl') === '')
        context.skip('no PostgreSQL can be started here')
      await run(engine)
    })
}

export interface TestChain {
  ledger: Ledger
  admin: Writer
  regions: [string, string]
  stores: [string, string, string]
  clerks: [string, string, string]
  group: string
  tags: [string, string]
}

export function id(): string {
  return nodePorts.uuid()
}

function chainDraft(kind: string, record_id: string, payload: Record<string, unknown>): Draft {
  return { store_id: CHAIN, kind, record_id, type: 'create', payload }
}

/** Two regions; stores 0 and 1 in the first, 2 in the second; a clerk each; one tag group. */
export async function makeChain(ledger: Ledger, now = MONDAY_10AM): Promise<TestChain> {
  const zone = 'Asia/Shanghai'
  const place = { zone, currency: 'CNY', country: 'CN' }
  const { staff_id } = await setUpChain(
    ledger,
    { chain_name: '熟客', admin_name: 'Admin', ...place },
    now,
  )
  const admin = { session: await ensureDesk(ledger), actor_id: staff_id, unlock_id: null }
  const regions: TestChain['regions'] = [id(), id()]
  const stores: TestChain['stores'] = [id(), id(), id()]
  const clerks: TestChain['clerks'] = [id(), id(), id()]
  const [group, tags]: [string, TestChain['tags']] = [id(), [id(), id()]]
  const drafts = [
    ...regions.map((one, i) => chainDraft('region', one, { name: `Region ${i}`, order: i })),
    ...stores.map((one, i) =>
      chainDraft('store', one, {
        name: `Store ${i}`,
        region_id: regions[i === 2 ? 1 : 0],
        ...place,
      }),
    ),
    ...clerks.map((one, i) =>
      chainDraft('staff', one, { name: `Clerk ${i}`, role: 'clerk', store_ids: [stores[i]] }),
    ),
    chainDraft('tag_group', group, { label: 'Skin', required: true }),
    ...tags.map((one, i) => chainDraft('tag', one, { group_id: group, label: `Tag ${i}` })),
  ]
  const results = await writeDrafts(ledger, admin, drafts, now)
  const refused = results.find((result) => result.status !== 'applied')
  if (refused) throw new Error(`chain was refused: ${JSON.stringify(refused)}`)
  return { ledger, admin, regions, stores, clerks, group, tags }
}

const HEALTH: Health = {
  app_version: 'test',
  schema: SCHEMA,
  client_now: MONDAY_10AM,
  max_n: 0,
  unsent: 0,
  oldest_unsent_at: null,
  persisted: null,
  usage_bytes: null,
  quota_bytes: null,
}

/** A tablet's hand: it seals ops as a device does and pushes them through the real door. */
export class Tablet {
  readonly ledger: Ledger
  readonly session: Session
  readonly actor: string
  head: DeviceHead
  epoch: string | null = null

  constructor(ledger: Ledger, session: Session, actor: string) {
    this.ledger = ledger
    this.session = session
    this.actor = actor
    this.head = { n: 0, op_id: null, hash: firstHash(session.device_id) }
  }

  seal(draft: Omit<Draft, 'store_id'> & { store_id?: string }, at = MONDAY_10AM): Op {
    const envelope = {
      op_id: id(),
      actor_id: this.actor,
      unlock_id: id(),
      base_seq: 0,
      ts_wall: at,
      offset_ms: 0,
      ts_mono: 0,
    }
    const whole = { store_id: this.session.book, ...draft }
    const op = sealOp(whole, this.head, envelope, nodePorts.sha256)
    this.head = headAfter(op)
    return op
  }

  visit(customer: string | null, home: string | null, at = MONDAY_10AM, more: object = {}): Op {
    const payload = { customer_id: customer, home_store_id: home, purpose: 'buy', ...more }
    return this.seal({ kind: 'visit', record_id: id(), type: 'visit', payload }, at)
  }

  customer(record_id: string, more: object = {}, at = MONDAY_10AM): Op {
    const payload = { name: '张伟', home_store_id: this.session.book, ...more }
    return this.seal({ kind: 'customer', record_id, type: 'create', payload }, at)
  }

  async push(ops: Op[], now = MONDAY_10AM): Promise<PushReply> {
    const { device_id } = this.session
    const body = { device_id, epoch: this.epoch, health: HEALTH, ops }
    const reply = await push(this.ledger, this.session, body, now)
    this.epoch = reply.epoch
    return reply
  }

  health(): Health {
    return HEALTH
  }
}

/** Enrols a tablet at one of the chain's stores, through a real code. */
export async function enrolTablet(chain: TestChain, index: 0 | 1 | 2): Promise<Tablet> {
  const { ledger, admin, stores, clerks } = chain
  const code = id()
  const created_by = admin.actor_id
  const enrolment = { code_hash: code, store_id: stores[index], name: 'T', uses: 1, created_by }
  const until = MONDAY_10AM + 1e9
  await createEnrolment(ledger, { ...enrolment, until }, MONDAY_10AM)
  const enrolled = await enrolDevice(ledger, code, id(), MONDAY_10AM)
  if (!enrolled) throw new Error('the code was not taken')
  const session: Session = {
    device_id: enrolled.device_id,
    book: stores[index],
    role: 'tablet',
    revoked: false,
    actor_id: null,
  }
  return new Tablet(ledger, session, clerks[index])
}

/** What a recount finds, of all books at once and of each by itself. */
export async function recounted(ledger: Ledger): Promise<Difference[]> {
  const [whole, single] = [{ write: false }, { write: false, rowsAtOnce: 1 }]
  return [...(await rebuild(ledger, whole)), ...(await rebuild(ledger, single))]
}
