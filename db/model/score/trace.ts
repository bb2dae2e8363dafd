// The score on paper: every step from a store's facts to its points, one line per component.
import type { ComponentId } from './components.ts'
import { isMeanFact } from './estimate.ts'
import type { ScorePart, StoreScore } from './score.ts'

export const TRACE_COLUMNS = ['component', 'raw', 'theta', 'z', 's', 'w', 'points'] as const
export type TraceColumn = (typeof TRACE_COLUMNS)[number]

/** Digits are such that the lines can be checked with a pocket calculator. */
export type TraceLine = Record<Exclude<TraceColumn, 'component'>, string> & {
  component: ComponentId
}

function rawText({ fact, raw }: ScorePart): string {
  // A growth has no x of n: its error says how well it is known.
  return isMeanFact(fact)
    ? `${raw.toFixed(4)} ± ${fact.error.toFixed(4)} (${fact.n})`
    : `${fact.x}/${fact.n}`
}

/** The lines of a store, in the order of the components; their points add up to its score. */
export function traceOf({ parts }: StoreScore): TraceLine[] {
  return parts.map((part) => ({
    component: part.id,
    raw: rawText(part),
    theta: part.theta.toFixed(4),
    z: part.z.toFixed(2),
    s: part.part.toFixed(1),
    w: part.weight.toFixed(1),
    points: part.points.toFixed(2),
  }))
}
