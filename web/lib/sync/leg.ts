// What the screens call trouble, from what a direction met on its way.
import { isStorageFault } from '#web/local/room.ts'
import type { Trouble } from '#web/local/tables.ts'
import { TransportError, type TransportFault } from './transport.ts'

/** How one direction ended; no trouble is a success. */
export interface Leg {
  trouble: Trouble | null
  retryAfterMs: number | null
}

export const DONE: Leg = { trouble: null, retryAfterMs: null }
export const FORK: Leg = { trouble: 'fork', retryAfterMs: null }

const GRAVEST_FIRST: readonly Trouble[] = [
  'fork',
  'revoked',
  'storage',
  'sign-in-page',
  'offline',
  'server',
]

const TROUBLE_OF: Record<TransportFault, Trouble> = {
  offline: 'offline',
  'sign-in-page': 'sign-in-page',
  server: 'server',
  busy: 'server',
  'too-large': 'server',
  'no-session': 'revoked',
  'other-device': 'fork',
  'not-found': 'server',
  refused: 'server',
}

export function gravestOf(legs: readonly Leg[]): Trouble | null {
  return GRAVEST_FIRST.find((trouble) => legs.some((leg) => leg.trouble === trouble)) ?? null
}

/** Runs one direction; what can go wrong outside the program becomes its trouble. */
export async function leg(work: () => Promise<Leg>): Promise<Leg> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof TransportError)
      return { trouble: TROUBLE_OF[error.fault], retryAfterMs: error.retryAfterMs }
    if (isStorageFault(error)) return { trouble: 'storage', retryAfterMs: null }
    throw error
  }
}
