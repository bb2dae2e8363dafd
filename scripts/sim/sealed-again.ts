// Pushes as they would be with other ops in them, or on a server that knows ops by number alone.
import { hashOp, type Op } from '#model/op.ts'
import type { PushReply } from '#model/protocol.ts'
import { nodePorts } from '#sql/ports.ts'
import { metaOnDisk, opsOnDisk } from './disk.ts'
import type { Answer, Message } from './network.ts'
import type { Serve } from './rule.ts'
import { jsonOf } from './server.ts'
import { PULL, PUSH, pushOf, withBody } from './wire.ts'
import type { World } from './world.ts'

interface Head {
  last_n: number
  last_op_id: string | null
  last_hash: string
}

async function headOfDevice(world: World, deviceId: string): Promise<Head | null> {
  const rows = await world.server.storage.rows(
    'select device_id, last_n, last_op_id, last_hash from device_state',
  )
  const row = rows.find((one) => one['device_id'] === deviceId)
  if (!row) return null
  const last_op_id = row['last_op_id'] === null ? null : String(row['last_op_id'])
  return { last_n: Number(row['last_n']), last_op_id, last_hash: String(row['last_hash']) }
}

/** Ops as they would be had they been written behind the server's own head. */
function sealBehind(head: Head, ops: readonly Op[]): Op[] {
  let { last_op_id: prev, last_hash: before } = head
  return ops.map((op) => {
    const { hash: _hash, ...content } = { ...op, prev }
    const hash = hashOp(content, before, nodePorts.sha256)
    prev = op.op_id
    before = hash
    return { ...content, hash }
  })
}

/** Forwards a push whose new ops are sealed behind the server's head, after `change`. */
export async function pushSealed(
  world: World,
  message: Message,
  next: Serve,
  change: (op: Op) => Op = (op) => op,
): Promise<Answer> {
  const push = pushOf(message)
  const head = await headOfDevice(world, push.device_id)
  if (!head) return next(message)
  const known = push.ops.filter((op) => op.n <= head.last_n)
  const fresh = push.ops.filter((op) => op.n > head.last_n).map(change)
  const ops = [...known, ...sealBehind(head, fresh)]
  return next({ ...message, body: JSON.stringify({ ...push, ops }) })
}

/** The op that this tablet has under a number; what a check of identity would be made with. */
function opIdAt(world: World, message: Message, n: number): string | null {
  const database = world.tablets[message.tablet]?.database ?? ''
  return opsOnDisk(database).find((row) => row.n === n)?.op.op_id ?? null
}

/** Only the last op is compared, as when a head is all that is kept. */
export async function headOnly(world: World, message: Message, next: Serve): Promise<Answer> {
  const push = message.path === PUSH ? pushOf(message) : null
  const head = push && (await headOfDevice(world, push.device_id))
  const last = push?.ops.find((op) => op.n === head?.last_n)
  const isOther = last !== undefined && last.op_id !== head?.last_op_id
  return isOther ? next(message) : countOnly(world, message, next)
}

/** A server that counts and a tablet that believes: numbers alone say what is known. */
export async function countOnly(world: World, message: Message, next: Serve): Promise<Answer> {
  const isPush = message.path === PUSH
  if (!isPush && message.path !== PULL) return next(message)
  const database = world.tablets[message.tablet]?.database ?? ''
  const head = isPush ? await headOfDevice(world, pushOf(message).device_id) : null
  const known = head ? pushOf(message).ops.filter((op) => op.n <= head.last_n) : []
  const answer = isPush
    ? await pushSealed(world, withoutKnown(message, head), next)
    : await next(message)
  if (answer.status !== 200) return answer
  const reply = jsonOf(answer) as PushReply
  const mine = metaOnDisk(database, 'head')?.n ?? 0
  reply.last_n = Math.min(reply.last_n, mine)
  reply.last_op_id = opIdAt(world, message, reply.last_n) ?? reply.last_op_id
  for (const { n, op_id } of known)
    reply.results.push({ n, op_id, status: 'dup', first: 'applied' })
  return withBody(answer, reply)
}

function withoutKnown(message: Message, head: Head | null): Message {
  const push = pushOf(message)
  const ops = push.ops.filter((op) => op.n > (head?.last_n ?? 0))
  return { ...message, body: JSON.stringify({ ...push, ops }) }
}
