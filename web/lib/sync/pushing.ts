// One direction of a cycle: what waits goes out, the oldest first, until nothing waits.
import { BATCH_MAX_OPS } from '#model/limits.ts'
import { getDevice } from '#web/local/device.ts'
import { takePush, waitingOps } from '#web/local/outbox.ts'
import { type Asking, MAX_IDLE_ROUNDS, measured } from './asking.ts'
import { batchOf } from './batch.ts'
import { readHealth } from './health.ts'
import { DONE, type Leg, unnamed } from './leg.ts'
import { TransportError } from './transport.ts'

export async function pushAll(asking: Asking, deviceId: string): Promise<Leg> {
  const { local, transport, onPhase } = asking
  let maxOps = BATCH_MAX_OPS
  let waiting = await waitingOps(local, maxOps)
  for (let idleRounds = 0; idleRounds < MAX_IDLE_ROUNDS;) {
    const ops = batchOf(waiting, maxOps)
    const [first] = ops
    if (!first) return DONE
    onPhase('sending')
    const epoch = (await getDevice(local))?.epoch ?? null
    const body = { device_id: deviceId, epoch, health: await readHealth(asking), ops }
    const answer = await measured(asking, () => transport.push(body)).catch((error: unknown) => {
      if (isTooLarge(error) && maxOps > 1) return null
      throw error
    })
    if (answer === null) {
      // Halved until the oldest group stands alone: no group is ever cut in two.
      maxOps = Math.max(1, Math.floor(Math.min(maxOps, ops.length) / 2))
      continue
    }
    const fork = await takePush(local, deviceId, answer.reply, answer)
    if (fork) return unnamed(fork)
    waiting = await waitingOps(local, maxOps)
    idleRounds = waiting[0]?.n === first.n ? idleRounds + 1 : 0
  }
  return { trouble: 'server', retryAfterMs: null }
}

function isTooLarge(error: unknown): boolean {
  return error instanceof TransportError && error.fault === 'too-large'
}
