// The end of a device that headquarters revoked: it hands in what it wrote, forgets its store, and
// says so. A stolen tablet shows nobody anything from its next contact on.
import type { Local } from '#web/local/database.ts'
import { emptyRevoked, getDevice } from '#web/local/device.ts'
import { readMeta, writeMeta } from '#web/local/meta.ts'
import { takePush } from '#web/local/outbox.ts'
import { type Asking, measured } from './asking.ts'
import { readHealth } from './health.ts'
import { DONE, type Leg, unnamed } from './leg.ts'
import { type Transport, TransportError, type TransportFault } from './transport.ts'

/** What the server answers when there is nothing left to tell it. */
const MOOT = new Set<TransportFault>(['no-session', 'other-device', 'not-found', 'refused'])

/**
 * Asks, with no ops, how far the server has come: one that was set back is offered again what it
 * lost. Only when it says itself that the device is revoked, and has everything, is the database
 * emptied.
 */
export async function leave(asking: Asking, deviceId: string): Promise<Leg> {
  const { local, transport } = asking
  const epoch = (await getDevice(local))?.epoch ?? null
  const body = { device_id: deviceId, epoch, health: await readHealth(asking), ops: [] }
  const answer = await measured(asking, () => transport.push(body))
  const fork = await takePush(local, deviceId, answer.reply, answer)
  if (fork) return unnamed(fork)
  const { revoked, stop, last_n } = answer.reply
  if (!revoked || stop !== undefined) return DONE
  await emptyRevoked(local, deviceId, last_n)
  return tellEmptied(asking)
}

/** Tells headquarters that this tablet is empty, until it has heard. Throws TransportError. */
export async function tellEmptied({ local, transport }: Pick<Asking, 'local' | 'transport'>) {
  const emptied = await readMeta(local.db, 'emptied')
  if (emptied?.isTold !== false) return DONE
  await tell(local, transport)
  return DONE
}

async function tell({ db }: Local, transport: Transport): Promise<void> {
  try {
    await transport.emptied()
  } catch (error) {
    if (!(error instanceof TransportError) || !MOOT.has(error.fault)) throw error
  }
  await db.transaction('rw', db.meta, async () => {
    // Enrolled again meanwhile: then it is no longer empty.
    if (await readMeta(db, 'emptied')) await writeMeta(db, 'emptied', { isTold: true })
  })
}
