// A tablet without a screen: it seals real ops, keeps them until they are answered, and notices
// when an answer takes back what an earlier one acknowledged.
import {
  type DeviceHead,
  type Draft,
  firstHash,
  headAfter,
  type Op,
  SCHEMA,
  sealOp,
} from '#model/op.ts'
import type { Health, Push, PushReply } from '#model/protocol.ts'
import { nodePorts } from '#sql/ports.ts'
import type { Random } from '../demo/random.ts'
import type { DeviceCard } from './installation.ts'

/** Visits, walk-ins, new customers, changed notes: how often a clerk does what. */
const USUAL_WORK = [6, 2, 1, 1]
/** Notes alone: no figure changes, so nothing is rolled up afterwards. */
export const NOTES_ONLY = [0, 0, 0, 1]
const PURPOSES = ['buy', 'browse', 'pickup'] as const

/** The ops that one device made, and how many of them, from the first, the server acknowledged. */
export interface History {
  device_id: string
  store_id: string
  made: readonly Op[]
  acknowledged: number
}

export class SimulatedDevice implements History {
  readonly card: DeviceCard
  readonly made: Op[] = []
  readonly problems: string[] = []
  acknowledged = 0
  /** Ops whose answer was lost and came again. */
  repeated = 0
  epoch: string | null = null
  readonly #random: Random
  #head: DeviceHead

  constructor(card: DeviceCard, random: Random) {
    this.card = card
    this.#random = random
    this.#head = { n: 0, op_id: null, hash: firstHash(card.device_id) }
  }

  get device_id(): string {
    return this.card.device_id
  }

  get store_id(): string {
    return this.card.store_id
  }

  get waiting(): Op[] {
    return this.made.slice(this.acknowledged)
  }

  /** Seals some of what a clerk does all day, each kind by its weight. */
  work(count: number, now: number, weights: readonly number[] = USUAL_WORK): void {
    for (let made = 0; made < count; made += 1) {
      const envelope = {
        op_id: nodePorts.uuid(),
        actor_id: this.card.clerk,
        unlock_id: nodePorts.uuid(),
        base_seq: 0,
        ts_wall: now,
        offset_ms: 0,
        ts_mono: 0,
      }
      const op = sealOp(this.#draft(weights), this.#head, envelope, nodePorts.sha256)
      this.#head = headAfter(op)
      this.made.push(op)
    }
  }

  #draft(weights: readonly number[]): Draft {
    const { store_id, customers } = this.card
    const home_store_id = store_id
    const customer = this.#random.pick(customers)
    const [id, purpose] = [nodePorts.uuid(), this.#random.pick(PURPOSES)]
    const kind = this.#random.weighted(weights)
    const visit = { store_id, kind: 'visit', record_id: id, type: 'visit' as const }
    if (kind === 0) return { ...visit, payload: { customer_id: customer, home_store_id, purpose } }
    if (kind === 1)
      return {
        ...visit,
        payload: { customer_id: null, home_store_id: null, purpose: 'browse', count: 2 },
      }
    const person = { store_id, kind: 'customer' }
    if (kind === 2)
      return { ...person, record_id: id, type: 'create', payload: { name: '李敏', home_store_id } }
    const payload = { note: `${this.#random.whole(1, 999)}`, home_store_id }
    return { ...person, record_id: customer, type: 'set', payload }
  }

  /** The push that is tried until it is answered. */
  body(now: number): Push {
    const { device_id } = this.card
    return { device_id, epoch: this.epoch, health: this.health(now), ops: this.waiting }
  }

  health(now: number): Health {
    const { waiting } = this
    return {
      app_version: 'faults',
      schema: SCHEMA,
      client_now: now,
      max_n: this.made.length,
      unsent: waiting.length,
      oldest_unsent_at: waiting[0]?.ts_wall ?? null,
      persisted: true,
      usage_bytes: null,
      quota_bytes: null,
    }
  }

  /** Takes the answer to `sent`; whatever an honest server cannot say becomes a problem. */
  take(reply: PushReply, sent: readonly Op[]): void {
    if (reply.stop) this.problems.push(`a push was stopped: ${reply.stop} at ${reply.last_n}`)
    if (reply.last_n < this.acknowledged)
      this.problems.push(`acknowledged ${this.acknowledged}, the server knows ${reply.last_n}`)
    if (this.epoch !== null && this.epoch !== reply.epoch) this.problems.push('another epoch')
    this.epoch = reply.epoch
    const results = new Map(reply.results.map((result) => [result.op_id, result]))
    for (const op of sent) {
      const result = results.get(op.op_id)
      const status = result?.status === 'dup' ? result.first : result?.status
      if (result?.status === 'dup') this.repeated += 1
      if (status !== 'applied') {
        const reason = result?.reason ?? 'no answer'
        this.problems.push(`op ${op.n} (${op.kind} ${op.type}): ${status ?? ''} ${reason}`)
        return
      }
      this.acknowledged = Math.max(this.acknowledged, op.n)
    }
  }
}
