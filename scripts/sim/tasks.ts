// What the parent process and its workers say to each other, and what is kept of a seed.
import type { EngineName } from './storage.ts'

export type EngineChoice = EngineName | 'both'

export interface Task {
  seed: number
  steps: number
  engine: EngineChoice
  /** The rule that is taken away; null: none. */
  off: string | null
  /** Looks for the shortest failing story, and tells it. */
  isTraced: boolean
}

export interface Done {
  seed: number
  violations: string[]
  trace: string
  state: string
  counts: Record<string, number>
  steps: number
  ms: number
  cpuMs: number
  /** The story in lines, when it was asked for. */
  lines: string[]
}

export type ToWorker = { type: 'task'; task: Task } | { type: 'end' }
export type FromWorker = { type: 'ready' } | { type: 'done'; done: Done }
