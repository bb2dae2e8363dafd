// All that syncs in one tab: the engine, when it runs, and the server's pokes. What it needs of its
// surroundings is passed in, so that it runs in a worker and in a test alike.
import { readFeeds } from '#web/local/apply-page.ts'
import { CHAIN } from '#model/id.ts'
import { getDevice } from '#web/local/device.ts'
import { Engine, type EngineDeps } from './engine.ts'
import { type Heads, type PokeDeps, Pokes } from './poke.ts'
import { type CycleOutcome, Schedule, type ScheduleDeps, type Wake } from './schedule.ts'

export interface StationDeps extends EngineDeps, ScheduleDeps {
  openStream: PokeDeps['open']
  onLive(isLive: boolean): void
  /** A bug; the next cycle tries again. */
  onBug(bug: unknown): void
}

/** News of the chain reach every tablet at once: they do not all ask in the same second. */
const CHAIN_SPREAD_MS = 5_000
/** A stream that opens right after a sync has missed nothing worth another one. */
const FRESH_MS = 3_000

export class Station {
  readonly #deps: StationDeps
  readonly #engine: Engine
  readonly #schedule: Schedule
  readonly #pokes: Pokes
  /** Heads that arrived during a cycle, which may bring what they speak of. */
  #heads: Heads | null = null
  #isRunning = false
  #isVisible = true
  #syncedAt = -Infinity
  readonly #unlisten: () => void

  constructor(deps: StationDeps) {
    this.#deps = deps
    this.#engine = new Engine(deps)
    this.#schedule = new Schedule(() => this.#cycle(), deps)
    this.#pokes = new Pokes({
      open: deps.openStream,
      random: deps.random,
      after: deps.after,
      onHeads: (heads) => this.#take(heads),
      onLive: (isLive) => this.#setLive(isLive),
    })
    // A write of any tab wakes every worker; whoever gets the lock sends it.
    this.#unlisten = deps.local.changes.listen((change) => {
      if (change.type === 'written') this.wake('written')
      if (change.type === 'reset') this.wake('nudge')
    })
  }

  wake(why: Wake): void {
    this.#schedule.wake(why)
  }

  /** A hidden tab polls, and leaves the stream to the one that is looked at. */
  setVisible(isVisible: boolean): void {
    this.#isVisible = isVisible
    void this.#updateWish().catch(this.#deps.onBug)
  }

  stop(): void {
    this.#unlisten()
    this.#schedule.stop()
    this.#pokes.setWanted(false)
  }

  async #cycle(): Promise<CycleOutcome> {
    this.#isRunning = true
    try {
      const outcome = await this.#engine.cycle()
      if (outcome.ok) this.#syncedAt = this.#deps.now()
      await this.#updateWish()
      return outcome
    } catch (bug) {
      this.#deps.onBug(bug) // Nothing is lost: the outbox stands, and the next cycle tries again.
      this.#deps.onPhase('idle')
      return { ok: false, retryAfterMs: null }
    } finally {
      this.#isRunning = false
      const heads = this.#heads
      this.#heads = null
      if (heads) this.#take(heads)
    }
  }

  async #updateWish(): Promise<void> {
    this.#pokes.setWanted(this.#isVisible && (await getDevice(this.#deps.local)) !== null)
  }

  #setLive(isLive: boolean): void {
    this.#schedule.setLive(isLive)
    this.#deps.onLive(isLive)
    if (isLive && this.#deps.now() - this.#syncedAt > FRESH_MS) this.wake('news')
  }

  #take(heads: Heads): void {
    if (this.#isRunning) this.#heads = { ...this.#heads, ...heads }
    else void this.#ask(heads).catch(this.#deps.onBug)
  }

  /** Asks for what is news here; one poke leads to at most one cycle. */
  async #ask(heads: Heads): Promise<void> {
    const { local, after, random } = this.#deps
    const feeds = await readFeeds(local.db)
    const news = Object.keys(heads).filter((feed) => (heads[feed] ?? 0) > cursorOf(feeds[feed]))
    if (news.some((feed) => feed !== CHAIN)) this.wake('news')
    else if (news.length > 0) after(random() * CHAIN_SPREAD_MS, () => this.wake('news'))
  }
}

/** A feed that is not pulled here has no news. */
function cursorOf(feed: { cursor: number; whole: boolean } | undefined): number {
  return feed?.whole ? feed.cursor : Infinity
}
