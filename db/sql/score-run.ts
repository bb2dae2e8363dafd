import { sum } from 'drizzle-orm'
import { businessDay } from '#model/calendar.ts'
import type { Period } from '#model/period.ts'
import type { Weights } from '#model/score/components.ts'
import { peerGroup, type PeerTraits, storeAge } from '#model/score/peers.ts'
import { scoreStores, type ScoreRun, type ScoreStore } from '#model/score/score.ts'
import { seedOf } from '#model/score/seed.ts'
import { weightsText } from '#model/score-setting.ts'
import { seededRandom } from '#model/stats/random.ts'
import type { Ledger } from './ledger.ts'
import { type readOrg, todayAt } from './reports.ts'
import { countDirty } from './rollup.ts'
import { endOf, scoreFacts } from './score-facts.ts'

// One run scores every store of the chain: whoever asks sees a part of the same run. A run is kept
// in memory by what it was computed from, and never stored: the figures behind it are.

export type Org = Awaited<ReturnType<typeof readOrg>>
type StoreColumns = Org['stores'][number]

/** A store whose numbers are older than this may lack work that its tablets still hold. */
export const STALE_MS = 3 * 86_400_000

const RUNS_MAX = 8
/** A run is used again, news or not, for so many times as long as it took: 2 % of one core. */
const HOLD = 50

export interface ScoreAsk {
  period: Period
  weights: Weights
}

export interface ScoredChain extends ScoreRun {
  from: number
  /** The last day that it tells of. */
  to: number
  traits: ReadonlyMap<string, PeerTraits>
  seed: number
  computed_at: number
  dirty_days: number
}

/**
 * Why a store's facts of a period may not be whole, or null: its tablets fell silent, or none ever
 * spoke, which is no fault where visits came otherwise.
 */
export function staleness(
  asOf: number | undefined,
  { zone, cutoff_minutes }: Pick<StoreColumns, 'zone' | 'cutoff_minutes'>,
  period: Pick<Period, 'to'>,
  now: number,
): 'never' | 'silent' | null {
  if (asOf === undefined) return 'never'
  if (now - asOf <= STALE_MS) return null
  // It fell silent since, but of a period that was over by then everything is here.
  return businessDay(asOf, zone, cutoff_minutes) >= period.to ? null : 'silent'
}

/** The stores that are scored: a head office has no customers of its own. */
export function scoredStores(org: Org): StoreColumns[] {
  return org.stores.filter((store) => store.type !== 'head-office')
}

interface Kept {
  /** What it was computed from, besides what was asked. */
  state: string
  chain: Promise<ScoredChain>
  /** Until when it is good even where there is news. */
  until: number
}

/** The runs of one ledger that were made lately. */
export class ScoreRuns {
  readonly #ledger: Ledger
  readonly #clock: () => number
  readonly #kept = new Map<string, Kept>()

  constructor(ledger: Ledger, clock: () => number) {
    this.#ledger = ledger
    this.#clock = clock
  }

  /** The run of what is asked; `asOf` as `asOfStores` gives it. */
  async of(ask: ScoreAsk, org: Org, asOf: ReadonlyMap<string, number>): Promise<ScoredChain> {
    const now = this.#clock()
    const today = todayAt(org, now)
    const asked = `${ask.period.text} ${weightsText(ask.weights)} ${today}`
    const stale = new Map(
      scoredStores(org).map((store) => {
        return [store.id, staleness(asOf.get(store.id), store, ask.period, now)]
      }),
    )
    const state = await this.#state(stale)
    const known = this.#kept.get(asked)
    if (known && (known.state === state || now < known.until)) return known.chain
    const chain = this.#score(ask, org, stale, today)
    const kept = { state, chain, until: Infinity } // Who asks meanwhile waits for this one.
    this.#keep(asked, kept)
    try {
      await chain
    } catch (error) {
      if (this.#kept.get(asked) === kept) this.#kept.delete(asked)
      throw error
    }
    const done = this.#clock()
    kept.until = done + (done - now) * HOLD
    return chain
  }

  /** Every push moves a feed's head, and every roll-up takes dirty marks away. */
  async #state(stale: ReadonlyMap<string, string | null>): Promise<string> {
    const { feedHead, dirtyDay } = this.#ledger.t
    const [heads] = await this.#ledger.db.select({ seq: sum(feedHead.seq) }).from(feedHead)
    const dirty = await this.#ledger.db.$count(dirtyDay)
    return `${heads?.seq ?? 0} ${dirty} ${seedOf([...stale].join())}`
  }

  #keep(asked: string, kept: Kept): void {
    this.#kept.delete(asked)
    this.#kept.set(asked, kept)
    const [oldest] = this.#kept.keys()
    if (this.#kept.size > RUNS_MAX && oldest !== undefined) this.#kept.delete(oldest)
  }

  async #score(
    { period, weights }: ScoreAsk,
    org: Org,
    stale: ReadonlyMap<string, 'never' | 'silent' | null>,
    today: number,
  ): Promise<ScoredChain> {
    const dirty_days = await countDirty(this.#ledger)
    const facts = await scoreFacts(this.#ledger, period, today)
    const end = endOf(period, today)
    const traits = new Map<string, PeerTraits>()
    const stores = scoredStores(org).map((store): ScoreStore => {
      const { id, format, city_tier, opened_on } = store
      const own = { format, city_tier, age: storeAge(opened_on, end - 1) }
      traits.set(id, own)
      const word = stale.get(id) ?? null
      // Of a store without a tablet nothing is awaited: what was imported is whole.
      const isWhole = word === 'never' && facts.hasVisits(id)
      const peer_group = peerGroup(own)
      return { id, peer_group, stale: isWhole ? null : word, facts: facts.of(id) }
    })
    const seed = seedOf(`${period.text} ${weightsText(weights)}`)
    const run = scoreStores(stores, { weights, random: seededRandom(seed) })
    const computed_at = this.#clock()
    return { ...run, from: period.from, to: end - 1, traits, seed, computed_at, dirty_days }
  }
}
