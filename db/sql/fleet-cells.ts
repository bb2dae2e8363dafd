import type { SyncHour } from '#model/report.ts'

/** What was heard of a store in one hour. */
export interface HourRow extends SyncHour {
  store_id: string
  hour: number
}

interface Span {
  from: number
  to: number
}

const FIELDS = 5
const NONE = -1
/** A week and a day: what a dashboard looks at, and room to move on. */
const HOURS_KEPT = 192

interface Kept extends Span {
  numbers: Float64Array
}

interface Running extends Span {
  readAt: number
  rows: readonly HourRow[]
}

/**
 * Hours that are over, by store, as bare numbers: a week of five thousand stores takes 34 MB.
 * They never change, so a dashboard that is read again costs only the hour that runs.
 */
export class Cells {
  readonly #stores = new Map<string, Kept>()
  readonly #running = new Map<string, Running>()

  /** What was read of a store's running hours at or after `since`. */
  running(storeId: string, since: number, { from, to }: Span): readonly HourRow[] | null {
    const known = this.#running.get(storeId)
    return known && known.readAt >= since && known.from === from && known.to === to
      ? known.rows
      : null
  }

  putRunning(storeIds: readonly string[], span: Span, rows: HourRow[], readAt: number): void {
    const byStore = Map.groupBy(rows, (row) => row.store_id)
    for (const id of storeIds)
      this.#running.set(id, { ...span, readAt, rows: byStore.get(id) ?? [] })
  }

  /** The hour up to which everything from `from` on is kept; 0 when it is not. */
  settledTo(storeId: string, from: number): number {
    const kept = this.#stores.get(storeId)
    return kept && kept.from <= from ? kept.to : 0
  }

  /** Takes all rows of these stores in the span, which begins where what is kept ends, or anew. */
  put(storeIds: readonly string[], span: Span, rows: readonly HourRow[]): void {
    for (const id of storeIds) this.#stores.set(id, this.#extended(id, span))
    for (const row of rows) {
      const kept = this.#stores.get(row.store_id)
      if (!kept) continue
      const at = (row.hour - kept.from) * FIELDS
      const { contacts, ops, refused, unsent_max, lag_p95_ms } = row
      kept.numbers.set([contacts, ops, refused, unsent_max, lag_p95_ms ?? NONE], at)
    }
  }

  #extended(id: string, { from, to }: Span): Kept {
    const old = this.#stores.get(id)
    const start = old && old.to === from ? Math.max(old.from, to - HOURS_KEPT) : from
    const numbers = new Float64Array(Math.max(0, to - start) * FIELDS).fill(NONE)
    if (old && old.to === from)
      numbers.set(old.numbers.subarray((start - old.from) * FIELDS, (to - old.from) * FIELDS))
    return { from: start, to, numbers }
  }

  /** The hours of the span, as far as they are kept. */
  read(storeId: string, { from, to }: Span): (SyncHour | null)[] {
    const kept = this.#stores.get(storeId)
    const hours: (SyncHour | null)[] = []
    for (let hour = from; hour < to; hour += 1) hours.push(kept ? cell(kept, hour) : null)
    return hours
  }
}

function cell({ from, numbers }: Kept, hour: number): SyncHour | null {
  const at = (hour - from) * FIELDS
  const [contacts = NONE, ops = 0, refused = 0, unsent_max = 0, lag = NONE] = numbers.subarray(
    at,
    at + FIELDS,
  )
  if (contacts === NONE) return null
  return { contacts, ops, refused, unsent_max, lag_p95_ms: lag === NONE ? null : lag }
}
