import type { Domain, Point } from '#web/ui/chart-scale.ts'

/** One of many small charts on one scale. */
export interface Panel {
  id: string
  name: string
  points: readonly Point[]
  /** Where the records behind the panel are. */
  href?: string
  /** Natural limits of this panel's own line; points beyond them are marked. */
  limits?: Domain
}
