// One tablet that comes back: the client's own transport and its own schedule, around a push of
// what was made offline and pulls until nothing is missing.
import { Schedule, type CycleOutcome } from '#web/sync/schedule.ts'
import { HttpTransport, TransportError } from '#web/sync/transport.ts'
import { seededRandom } from '../demo/random.ts'
import { SimulatedDevice } from '../faults/device.ts'
import { fetchOver } from './own-socket.ts'
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
}

export class ReturningDevice {
  readonly device: SimulatedDevice
  readonly visit: Visit = { syncMs: null, busy: 0, shown: [], rows: 0, requests: 0 }
  readonly #card: ReturningCard
  readonly #transport: HttpTransport
  readonly #close: () => void

  constructor(card: ReturningCard, url: string, ops: number, seed: string) {
    this.#card = card
    this.device = new SimulatedDevice(card, seededRandom(`${seed}/${card.device_id}`))
    this.device.work(ops, Date.now())
    const { fetch, close } = fetchOver(url, `regulars_device=${card.token}`)
    this.#close = close
    this.#transport = new HttpTransport({ fetch, now: () => Date.now() })
  }

  /** Arrives now; resolves when the tablet is in step, or at `signal`. */
  async comeBack(signal: AbortSignal): Promise<void> {
    const arrivedAt = performance.now()
    const done = Promise.withResolvers<void>()
    const cycle = async () => {
      const outcome = await this.#cycle()
      if (outcome.ok) done.resolve()
      return outcome
    }
    const schedule = new Schedule(cycle, {
      now: () => Date.now(),
      random: Math.random,
      after: (delayMs, call) => {
        const timer = setTimeout(call, delayMs)
        return () => clearTimeout(timer)
      },
    })
    signal.addEventListener('abort', () => done.reject(new Error('gave up')), { once: true })
    schedule.wake('nudge')
    try {
      await done.promise
      this.visit.syncMs = performance.now() - arrivedAt
    } catch {
      this.visit.shown.push('never in step')
    } finally {
      schedule.stop()
      this.#close()
    }
  }

  async #cycle(): Promise<CycleOutcome> {
    try {
      await this.#push()
      await this.#pull()
      return { ok: true, retryAfterMs: null }
    } catch (error) {
      if (!(error instanceof TransportError)) throw error
      if (error.fault === 'busy') this.visit.busy += 1
      else this.visit.shown.push(error.message)
      return { ok: false, retryAfterMs: error.retryAfterMs }
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
