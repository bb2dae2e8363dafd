import type { Engine } from './engine.ts'
import type { HeadsListener } from './heads.ts'
import type { Ports } from './ports.ts'

export interface Ledger extends Engine {
  ports: Ports
  /** The chain's activity window, by which the kept figures are counted; see restate.ts. */
  activityDays: number
  /** Tells which feeds each commit of this process moved; returns how to stop. See heads.ts. */
  onHeads(listener: HeadsListener): () => void
}
