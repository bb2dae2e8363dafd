import { weekday, zoneOffsetMs } from './calendar.ts'
import type { Downtime } from './site.ts'
import type { Store } from './store.ts'

const MINUTE_MS = 60_000
/** What a store without hours on the books is taken to promise; whoever shows it says so. */
const UNKNOWN_HOURS: readonly [number, number] = [540, 1260]

/** Minutes that a store promised to serve, and those in which it could. */
export interface Availability {
  promised: number
  available: number
  /** Minutes that were lost, by reason, the most first. */
  lost: { reason: string; minutes: number }[]
}

type Minutes = readonly [from: number, to: number]

/** When a day is open, as minutes since 1970 in the store's own time; null when closed. */
function openingOn(hours: Store['hours'], day: number): Minutes | null {
  const span = hours ? hours[weekday(day)] : UNKNOWN_HOURS
  return span ? [day * 1440 + span[0], day * 1440 + span[1]] : null
}

/** Spans without overlap: what two reports say of one minute is lost once, to the earlier one. */
function apart(spans: readonly { at: Minutes; reason: string }[]) {
  let end = -Infinity
  return spans
    .toSorted((a, b) => a.at[0] - b.at[0] || a.at[1] - b.at[1])
    .flatMap(({ at: [from, to], reason }) => {
      const span: Minutes = [Math.max(from, end), to]
      end = Math.max(end, to)
      return span[0] < span[1] ? [{ at: span, reason }] : []
    })
}

/**
 * How much of what a store promised on the days [from, to) it could keep. Only minutes inside its
 * hours count: a fault that goes on over the night costs nothing while the store is closed.
 * `hours` has seven entries from Monday, as a store record has them.
 */
export function availabilityOf(
  { hours, zone }: Pick<Store, 'hours' | 'zone'>,
  downtimes: readonly Pick<Downtime, 'from' | 'to' | 'reason'>[],
  from: number,
  to: number,
): Availability {
  const localMinute = (at: number) => (at + zoneOffsetMs(zone, at)) / MINUTE_MS
  const spans = apart(
    downtimes.map(({ from: start, to: end, reason }) => ({
      at: [localMinute(start), localMinute(end)] as const,
      reason,
    })),
  )
  let promised = 0
  const lost = new Map<string, number>()
  for (let day = from; day < to; day += 1) {
    const opening = openingOn(hours, day)
    if (!opening) continue
    promised += opening[1] - opening[0]
    for (const { at, reason } of spans) {
      const minutes = Math.min(at[1], opening[1]) - Math.max(at[0], opening[0])
      if (minutes > 0) lost.set(reason, (lost.get(reason) ?? 0) + minutes)
    }
  }
  const sum = [...lost.values()].reduce((total, minutes) => total + minutes, 0)
  const reasons = [...lost].map(([reason, minutes]) => ({ reason, minutes: Math.round(minutes) }))
  reasons.sort((a, b) => b.minutes - a.minutes || (a.reason < b.reason ? -1 : 1))
  return { promised, available: Math.round(promised - sum), lost: reasons }
}
