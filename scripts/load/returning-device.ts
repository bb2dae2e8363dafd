// One tablet that comes back: the client's own transport, schedule and stream of news, around a
// push of what was made offline and pulls until nothing is missing.
import { type Heads, Pokes } from '#web/sync/poke.ts'
import { Schedule, type CycleOutcome } from '#web/sync/schedule.ts'
import { HttpTransport, TransportError } from '#web/sync/transport.ts'
import { seededRandom } from '../demo/random.ts'
import { SimulatedDevice } from '../faults/device.ts'
import { fetchOver, streamOver } from './own-socket.ts'
import type { ReturningCard } from './prepare.ts'

const PULL_LIMIT = 1000

export interface Visit {
  /** From the tablet's arrival to the end of its last pull; null when that never came. */
  syncMs: number | null
  /** Times the server asked it to wait. */
  busy: number
  /** Anything else that a clerk would be shown, in the transport's words. */
  shown: string[]
  rows: number
  requests: number
  /** The stream of news stands. */
  isLive: boolean
}

function after(delayMs: number, call: () => void): () => void {
  const timer = setTimeout(call, delayMs)
  return () => clearTimeout(timer)
}

export class ReturningDevice {
  readonly device: SimulatedDevice
  readonly visit: Visit = { syncMs: null, busy: 0, shown: [], rows: 0, requests: 0, isLive: false }
  readonly #card: ReturningCard
  readonly #transport: HttpTransport
  readonly #schedule: Schedule
  readonly #pokes: Pokes
  readonly #close: () => void
  readonly #inStep = Promise.withResolvers<void>()

  constructor(card: ReturningCard, url: string, ops: number, seed: string) {
    this.#card = card
    this.device = new SimulatedDevice(card, seededRandom(`${seed}/${card.device_id}`))
    this.device.work(ops, Date.now())
    const cookie = `regulars_device=${card.token}`
    const { fetch, close } = fetchOver(url, cookie)
    this.#close = close
    this.#transport = new HttpTransport({ fetch, now: () => Date.now() })
    const chance = { random: Math.random, after }
    this.#schedule = new Schedule(() => this.#cycle(), { now: () => Date.now(), ...chance })
    this.#pokes = new Pokes({
      open: streamOver(url, cookie),
      ...chance,
      onHeads: (heads) => this.#hear(heads),
      onLive: (isLive) => {
        this.visit.isLive = isLive
        this.#schedule.setLive(isLive)
      },
    })
  }

  /** Arrives now; resolves when the tablet is in step, or at `signal`. */
  async comeBack(signal: AbortSignal): Promise<void> {
    const arrivedAt = performance.now()
    const tooLate = () => this.#inStep.reject(new Error('gave up'))
    signal.addEventListener('abort', tooLate, { once: true })
    this.#schedule.wake('nudge')
    try {
      await this.#inStep.promise
      this.visit.syncMs = performance.now() - arrivedAt
    } catch {
      this.visit.shown.push('never in step')
    }
  }

  /** Until then the tablet hears of news and fetches them, as one that stays switched on. */
  leave(): void {
    this.#schedule.stop()
    this.#pokes.setWanted(false)
    this.#close()
  }

  #hear(heads: Heads): void {
    const { store_id, cursors } = this.#card
    if ((heads[store_id] ?? 0) > (cursors[store_id]?.cursor ?? 0)) this.#schedule.wake('news')
  }

  async #cycle(): Promise<CycleOutcome> {
    try {
      await this.#push()
      await this.#pull()
      this.#inStep.resolve()
      return { ok: true, retryAfterMs: null }
    } catch (error) {
      if (!(error instanceof TransportError)) throw error
      if (error.fault === 'busy') this.visit.busy += 1
      else this.visit.shown.push(error.message)
      return { ok: false, retryAfterMs: error.retryAfterMs }
    } finally {
      this.#pokes.setWanted(true)
    }
  }

  async #push(): Promise<void> {
    const { device, visit } = this
    if (device.waiting.length === 0) return
    const body = device.body(Date.now())
    visit.requests += 1
    device.take(await this.#transport.push(body), body.ops)
  }

  async #pull(): Promise<void> {
    const { device, visit } = this
    const { device_id, cursors } = this.#card
    for (let more = true; more;) {
      const feeds = structuredClone(cursors)
      const health = device.health(Date.now())
      visit.requests += 1
      const reply = await this.#transport.pull({ device_id, health, feeds, limit: PULL_LIMIT })
      more = false
      for (const [feed, page] of Object.entries(reply.feeds)) {
        if (page.reset) device.problems.push(`feed ${feed} was reset`)
        cursors[feed] = { cursor: page.cursor, epoch: page.epoch }
        visit.rows += page.rows.length
        more ||= page.more
      }
    }
  }
}
