import { setImmediate as nextTurn } from 'node:timers/promises'
import type { OpResult } from '#model/protocol.ts'
import type { Ledger } from '#sql/ledger.ts'
import { type TimedDraft, type Writer, writeDrafts } from '#sql/write.ts'
import type { Findings } from './findings.ts'
import type { Origin } from './table.ts'

/** What a row of the source becomes in the ledger, and where the row stands. */
export interface ImportDraft extends TimedDraft {
  op_id: string
  origin: Origin
}

export interface Tally {
  /** Records that the rows make, by kind. */
  planned: number
  applied: number
  /** Written by an earlier import of the same source. */
  known: number
  refused: number
}

/** Where drafts go: a ledger, or nowhere when only the counts are asked for. */
export interface Sink {
  write(drafts: readonly ImportDraft[]): Promise<void>
  tally(kind: string): Tally
}

class Tallies {
  readonly #kinds = new Map<string, Tally>()

  of(kind: string): Tally {
    const known = this.#kinds.get(kind)
    if (known) return known
    const made = { planned: 0, applied: 0, known: 0, refused: 0 }
    this.#kinds.set(kind, made)
    return made
  }
}

/** Counts what would be written. */
export function dryRunSink(): Sink {
  const tallies = new Tallies()
  return {
    tally: (kind) => tallies.of(kind),
    write: (drafts) => {
      for (const draft of drafts) tallies.of(draft.kind).planned += 1
      return Promise.resolve()
    },
  }
}

/** Writes as the importer's device. What the ledger refuses becomes a finding on its row. */
export function ledgerSink(
  ledger: Ledger,
  writer: Writer,
  findings: Findings,
  now: () => number,
): Sink {
  const tallies = new Tallies()
  const note = (draft: ImportDraft, result: OpResult | undefined) => {
    const tally = tallies.of(draft.kind)
    tally.planned += 1
    // A repetition of a refused op is refused again, and has to be shown again.
    const isRefused = (result?.first ?? result?.status ?? 'quarantined') === 'quarantined'
    if (!isRefused)
      return void (result?.status === 'dup' ? (tally.known += 1) : (tally.applied += 1))
    tally.refused += 1
    const { file, row } = draft.origin
    const reason = result?.reason ?? 'refused-before'
    const value = result?.detail ?? draft.record_id
    findings.add({ file, row, severity: 'reject', kind: draft.kind, column: '', value, reason })
  }
  return {
    tally: (kind) => tallies.of(kind),
    async write(drafts) {
      if (drafts.length === 0) return
      const plain = drafts.map(({ origin: _origin, ...draft }) => draft)
      const results = await writeDrafts(ledger, writer, plain, now())
      const byOp = new Map(results.map((result) => [result.op_id, result]))
      for (const draft of drafts) note(draft, byOp.get(draft.op_id))
      // SQLite's driver never waits, so without this turn of the event loop nothing else ever runs:
      // memory of spent statements would grow with the import, and no signal would be heard.
      await nextTurn()
    },
  }
}
