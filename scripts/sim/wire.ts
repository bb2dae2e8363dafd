// What passes through the network, read and changed on its way, so that rules can be taken away.
import type { FeedPage, PullReply, Push } from '#model/protocol.ts'
import type { Answer, Message } from './network.ts'
import type { Asked, Serve } from './rule.ts'
import { jsonOf } from './server.ts'
import type { World } from './world.ts'

export const PUSH = '/api/sync/push'
export const PULL = '/api/sync/pull'
const encoder = new TextEncoder()

export function withBody(answer: Answer, body: unknown): Answer {
  return { ...answer, body: encoder.encode(JSON.stringify(body)) }
}

export function refusal(status: number, code: string): Answer {
  const headers: [string, string][] = [
    ['content-type', 'application/problem+json'],
    ['x-regulars-protocol', '1'],
  ]
  return { status, headers, body: encoder.encode(JSON.stringify({ code })) }
}

/** The body of a push; it was written by the engine, so its shape is known. */
export function pushOf(asked: Asked): Push {
  return JSON.parse(asked.body ?? '{}') as Push
}

/** Changes the answers of pulls. */
export function editPulls(edit: (reply: PullReply, world: World, message: Message) => void) {
  return async (world: World, message: Message, next: Serve): Promise<Answer> => {
    const answer = await next(message)
    if (message.path !== PULL || answer.status !== 200) return answer
    const reply = jsonOf(answer) as PullReply
    edit(reply, world, message)
    return withBody(answer, reply)
  }
}

export function filterRows(isKept: (row: FeedPage['rows'][number]) => boolean) {
  return editPulls((reply) => {
    for (const page of Object.values(reply.feeds)) page.rows = page.rows.filter(isKept)
  })
}
