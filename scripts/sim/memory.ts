// What the checks remember from one step to the next.
import type { Tablet } from './tablet.ts'
import type { Truth } from './truth.ts'

/** How far each feed of a disk had come, to see that none goes back. */
export type Marks = Map<string, number>

/** What the checks know of clocks. */
export interface Clocks {
  /** How wrong the clock was when each measurement was made; NaN: it was set meanwhile. */
  measured: Map<string, number>
  /** The measurement that each tablet went by at the last look. */
  current: Map<Tablet, string>
  /** When entries were written; `isMeasured`: by a clock whose error the tablet knew. */
  times: Map<string, { at: number; isMeasured: boolean }>
}

export interface Memory {
  truth: Truth
  marks: Marks
  /**
   * Customers that each disk's own people made, with the op that did, by disk and store; without an
   * op once they went away.
   */
  born: Map<string, Map<string, string | null>>
  /** Ops in the quarantine that no person has decided about. */
  open: Set<string>
  serverNo: number
  /** Where the feeds stood after the last request, and on which server. */
  heads: { serverNo: number; seqs: Map<string, number> }
  clocks: Clocks
  /** Tags that were put on a record after it became part of another, and where they are. */
  followed: Map<string, string>
}
