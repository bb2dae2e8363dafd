import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Session } from '#model/access.ts'
import type { Ledger } from '#sql/ledger.ts'
import { type TimedDraft, writeDrafts } from '#sql/write.ts'
import type { DemoPerson } from './chain.ts'

/** Ops in one transaction. A customer's life stays in one, so that it is folded once. */
const BATCH_OPS = 2500
const LAG_MS = 6000

/** Writes the facts of people as the importer's device, each batch in one person's name. */
export class DemoWriter {
  ops = 0
  readonly #ledger: Ledger
  readonly #session: Session
  readonly #now: number

  constructor(ledger: Ledger, session: Session, now: number) {
    this.#ledger = ledger
    this.#session = session
    this.#now = now
  }

  /** Each group of drafts stands or falls together with its order; groups are joined to batches. */
  async write(person: DemoPerson, groups: readonly (readonly TimedDraft[])[]): Promise<void> {
    let batch: TimedDraft[] = []
    for (const group of groups) {
      batch.push(...group)
      if (batch.length < BATCH_OPS) continue
      await this.#writeBatch(person, batch)
      batch = []
    }
    await this.#writeBatch(person, batch)
  }

  async #writeBatch(person: DemoPerson, drafts: readonly TimedDraft[]): Promise<void> {
    if (drafts.length === 0) return
    const writer = { session: this.#session, actor_id: person.id, unlock_id: null }
    const received = drafts.map((draft) => ({
      ...draft,
      received_at: (draft.at ?? this.#now) + LAG_MS,
    }))
    const results = await writeDrafts(this.#ledger, writer, received, this.#now)
    const refused = results.find((result) => result.status !== 'applied')
    if (refused) throw new Error(`the demo's facts were refused: ${JSON.stringify(refused)}`)
    this.ops += drafts.length
    // Spent statements are let go between turns of the event loop only.
    await nextTurn()
  }
}
