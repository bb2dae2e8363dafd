import type { Edit } from '../work.ts'

// What the bench asks of a server beside HTTP.

export type Order =
  | { do: 'usage' }
  /** Gives customers new phones, as somebody else's edit. */
  | { do: 'edit'; edits: Edit[] }
  /** How many of these visits the server holds. */
  | { do: 'held'; visits: string[] }
  /** A code that lets one tablet in. */
  | { do: 'code' }
  /** Lets in tablets of several stores for the bench of pushes. */
  | { do: 'tablets'; count: number; perStore: number }
  /** How many records the pushes left. */
  | { do: 'count' }

export interface Orders {
  edit(edits: Edit[]): Promise<number> | number
  held(visits: string[]): Promise<number> | number
  more?(order: Order): Promise<object> | object
}

export interface Usage {
  down: number
  up: number
  cpuMicros: number
}

/** A tablet of the bench of pushes: its cookie, and whose visits it writes. */
export interface BenchTablet {
  token: string
  device_id: string
  store_id: string
  clerk: string
  customers: string[]
}
