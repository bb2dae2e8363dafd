// What the screens call trouble, from what a direction met on its way.
import type { Fork } from '#web/local/counter.ts'
import { isStorageFault, storageFaultOf } from '#web/local/storage-fault.ts'
import type { Trouble } from '#web/local/tables.ts'
import { TransportError, type TransportFault } from './transport.ts'

/** Why the device cannot go on under its name: a fork, or the cookie of another device. */
export type NameFault = Fork | 'other-device'

/** How one direction ended; no trouble is a success. */
export interface Leg {
  trouble: Trouble | null
  retryAfterMs: number | null
  detail?: string
  nameFault?: NameFault
}

export const DONE: Leg = { trouble: null, retryAfterMs: null }

/** Another name will do; until the server gives one it is trouble. */
export function unnamed(nameFault: NameFault): Leg {
  return { trouble: 'fork', retryAfterMs: null, nameFault }
}

const GRAVEST_FIRST: readonly Trouble[] = [
  'fork',
  'revoked',
  'signed-out',
  'storage',
  'update',
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
  'no-session': 'signed-out',
  revoked: 'revoked',
  'other-device': 'fork',
  'update-needed': 'update',
  'not-found': 'server',
  refused: 'server',
}

/** The leg whose trouble a person should hear of first; one that is done when all are. */
export function gravestOf(legs: readonly Leg[]): Leg {
  const place = ({ trouble }: Leg) =>
    trouble === null ? GRAVEST_FIRST.length : GRAVEST_FIRST.indexOf(trouble)
  return [...legs].sort((a, b) => place(a) - place(b))[0] ?? DONE
}

/** Runs one direction; what can go wrong outside the program becomes its trouble. */
export async function leg(work: () => Promise<Leg>): Promise<Leg> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof TransportError) return legOf(error)
    if (!isStorageFault(error)) throw error
    return { trouble: 'storage', retryAfterMs: null, detail: storageFaultOf(error) }
  }
}

function legOf({ fault, retryAfterMs }: TransportError): Leg {
  if (fault === 'other-device') return { ...unnamed('other-device'), retryAfterMs }
  return { trouble: TROUBLE_OF[fault], retryAfterMs }
}
