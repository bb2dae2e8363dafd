// One line per message for the trace. It must be the same on both engines, which store the keys of
// JSON in different orders, so it tells what an answer says, not its bytes.
import type { PullReply, PushReply } from '#model/protocol.ts'
import type { Message } from './network.ts'
import { jsonOf } from './server.ts'

function pushLine(reply: Partial<PushReply>): string {
  const results = (reply.results ?? []).map(
    ({ n, status, first, reason }) =>
      `${n}:${status}${first ? `/${first}` : ''}${reason ? `(${reason})` : ''}`,
  )
  return `last ${reply.last_n} ${reply.stop ?? ''} [${results.join(' ')}]`
}

function pullLine(reply: Partial<PullReply>): string {
  const feeds = Object.entries(reply.feeds ?? {}).map(
    ([feed, { from, cursor, head, rows, more, reset }]) =>
      `${feed.slice(-6)} ${from}>${cursor}/${head} +${rows.length}${more ? ' more' : ''}${reset ? ' reset' : ''}`,
  )
  return `last ${reply.last_n} {${feeds.join(', ')}}`
}

/** What a message's answer says. */
export function summaryOf({ path, answer }: Message): string {
  if (!answer) return 'no answer'
  const status = String(answer.status)
  if (path === '/api/sync/push') return `${status} ${pushLine(asPartial(jsonOf(answer)))}`
  if (path === '/api/sync/pull') return `${status} ${pullLine(asPartial(jsonOf(answer)))}`
  return status
}

/** Safe because every field of it may be absent: a forged answer has none. */
function asPartial<T>(value: unknown): Partial<T> {
  return typeof value === 'object' && value !== null ? (value as Partial<T>) : {}
}
