// A device whose name will not do any more goes on under another by itself: its database was
// copied or set back in time, or the browser gave it up and only the cookie is left. Nobody has to
// do anything; the dashboard shows it, and the loss ledger what is missing. Doing it twice, as when
// an answer is lost, does no harm: who the cookie stands for is asked first.
import type { Fork } from '#web/local/counter.ts'
import { type LocalDevice, serverNow } from '#web/local/device.ts'
import { keptRun, saveRenewal } from '#web/local/enrolment.ts'
import { noteEviction, noteRecovered } from '#web/local/eviction.ts'
import type { Asking } from './asking.ts'
import { DONE, type Leg, type NameFault } from './leg.ts'
import { TransportError, type TransportFault } from './transport.ts'

type Means = Pick<Asking, 'local' | 'transport'>

/** The server gives no other name; a person must enrol the tablet anew. */
const REFUSED: Leg = { trouble: 'fork', retryAfterMs: null }
/** The server has no device for this cookie, or none that may go on. */
const STRANGER = new Set<TransportFault>(['no-session', 'revoked', 'not-found', 'refused'])
const NO_NAME = new Set<TransportFault>(['not-found', 'refused', 'other-device'])

/** Gives DONE when another round may be tried under the new name. Throws TransportError. */
export async function renewName(means: Means, device: LocalDevice, fault: NameFault) {
  try {
    if (fault === 'other-device') await followCookie(means, device)
    else await renewAs(means, device, fault)
    return DONE
  } catch (error) {
    if (error instanceof TransportError && NO_NAME.has(error.fault)) return REFUSED
    throw error
  }
}

async function renewAs({ local, transport }: Means, device: LocalDevice, cause: Fork) {
  const body = { cause, head_n: device.head.n, kept: await keptRun(local) }
  await saveRenewal(local, device.device_id, await transport.renew(body))
}

/**
 * The cookie is another device's. One that nothing was ever heard of is the name this very tablet
 * was given, in an answer that got lost; any other has a history of its own.
 */
async function followCookie({ local, transport }: Means, device: LocalDevice): Promise<void> {
  const self = await transport.self()
  if (self.device_id === device.device_id) return
  const isUnused = self.last_n === 0 && self.max_n === 0
  const reply = isUnused
    ? { ...self, server_now: await serverNow(local) }
    : await transport.renew({ cause: 'copied', head_n: 0, kept: null })
  await saveRenewal(local, device.device_id, reply)
}

/**
 * A database without a device: null when the server does not know this browser either, which then
 * waits to be enrolled. Throws TransportError while nobody can tell.
 */
export async function recover({ local, transport }: Means): Promise<Leg | null> {
  try {
    await noteEviction(local, await transport.self())
    const reply = await transport.renew({ cause: 'evicted', head_n: 0, kept: null })
    await saveRenewal(local, null, reply)
    await noteRecovered(local)
    return DONE
  } catch (error) {
    if (error instanceof TransportError && STRANGER.has(error.fault)) return null
    throw error
  }
}
