// What the checks remember from one step to the next.
import type { Clocks } from './check-clocks.ts'
import type { Truth } from './truth.ts'

/** How far each feed of a disk had come, to see that none goes back. */
export type Marks = Map<string, number>

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
