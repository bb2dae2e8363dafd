import type { PushReply } from '#model/protocol.ts'
import type { SimulatedDevice } from './device.ts'

const REQUEST_TIMEOUT_MS = 20_000

/** One push over HTTP; throws when there is no whole answer. */
export async function pushOver(url: string, device: SimulatedDevice): Promise<void> {
  const body = device.body(Date.now())
  const answer = await fetch(`${url}/api/sync/push`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      cookie: `regulars_device=${device.card.token}`,
    },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
  })
  if (answer.status === 429 || answer.status === 503) throw new Error('the server asks to wait')
  if (answer.status !== 200) {
    device.problems.push(`a push was answered with ${answer.status}: ${await answer.text()}`)
    return
  }
  device.take((await answer.json()) as PushReply, body.ops)
}
