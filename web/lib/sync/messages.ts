import type { PackedEntry } from '#web/local/entry.ts'
import type { Trouble } from '#web/local/tables.ts'
import type { Phase } from './asking.ts'
import type { Wake } from './schedule.ts'

// What a page and its sync worker say to each other. Records never travel this way but for the
// entries of the look-up: both sides read the same database.

export type ToWorker =
  | {
      type: 'start'
      database: string
      appVersion: string
      isInstalled: boolean
      isVisible: boolean
    }
  | { type: 'wake'; why: Wake }
  | { type: 'visible'; isVisible: boolean }
  /** Asks for all look-up entries, or for those of some parts; answered under the same number. */
  | { type: 'entries'; request: number; nos: readonly number[] | null }
  | { type: 'stop' }

export type FromWorker =
  | { type: 'phase'; phase: Phase }
  /** Whether the last request reached the server. */
  | { type: 'reached'; isReached: boolean }
  /** How the last cycle ended, for when the database cannot keep it. */
  | { type: 'trouble'; trouble: Trouble | null; detail: string | null }
  /** Whether the server tells of news by itself. */
  | { type: 'live'; isLive: boolean }
  | { type: 'slice'; request: number; slice: readonly PackedEntry[] }
  | { type: 'entries-end'; request: number; isWhole: boolean }
