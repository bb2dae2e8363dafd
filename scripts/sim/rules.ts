// The rules of the protocol, each with what takes it away.
import { hashOp, type Op } from '#model/op.ts'
import type { FeedPage, PullReply, Push, PushReply } from '#model/protocol.ts'
import { nodePorts } from '#sql/ports.ts'
import { metaOnDisk, opsOnDisk } from './disk.ts'
import type { Answer, Message } from './network.ts'
import type { Asked, Rule, Serve } from './rule.ts'
import { jsonOf } from './server.ts'
import type { World } from './world.ts'

const PUSH = '/api/sync/push'
const PULL = '/api/sync/pull'
const encoder = new TextEncoder()

function withBody(answer: Answer, body: unknown): Answer {
  return { ...answer, body: encoder.encode(JSON.stringify(body)) }
}

function refusal(status: number, code: string): Answer {
  const headers: [string, string][] = [
    ['content-type', 'application/problem+json'],
    ['x-regulars-protocol', '1'],
  ]
  return { status, headers, body: encoder.encode(JSON.stringify({ code })) }
}

/** The body of a push; it was written by the engine, so its shape is known. */
function pushOf(asked: Asked): Push {
  return JSON.parse(asked.body ?? '{}') as Push
}

/** Changes the answers of pulls. */
function editPulls(edit: (reply: PullReply, world: World, message: Message) => void) {
  return async (world: World, message: Message, next: Serve): Promise<Answer> => {
    const answer = await next(message)
    if (message.path !== PULL || answer.status !== 200) return answer
    const reply = jsonOf(answer) as PullReply
    edit(reply, world, message)
    return withBody(answer, reply)
  }
}

function filterRows(isKept: (row: FeedPage['rows'][number]) => boolean) {
  return editPulls((reply) => {
    for (const page of Object.values(reply.feeds)) page.rows = page.rows.filter(isKept)
  })
}

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
async function pushSealed(
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

/** A server that counts and a tablet that believes: numbers alone say what is known. */
async function countOnly(world: World, message: Message, next: Serve): Promise<Answer> {
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

const ONE_EPOCH = '00000000-0000-7000-8000-000000000000'

/** Both sides speak as if there had never been another epoch. */
async function oneEpoch(_world: World, message: Message, next: Serve): Promise<Answer> {
  const asked: unknown = message.body === undefined ? null : JSON.parse(message.body)
  const body = asked === null ? message.body : JSON.stringify(asked, hideEpoch)
  const answer = await next({ ...message, ...(body === undefined ? {} : { body }) })
  if (answer.status !== 200 || !/push|pull|snapshot/.test(message.path)) return answer
  const named = JSON.stringify(jsonOf(answer), (key, value: unknown) =>
    key === 'epoch' ? ONE_EPOCH : value,
  )
  return withBody(answer, JSON.parse(named))
}

function hideEpoch(key: string, value: unknown): unknown {
  return key === 'epoch' ? null : value
}

/** The tablet forgets an op as soon as the server has it. */
async function forgetAnswered(world: World, message: Message): Promise<void> {
  const tablet = world.tablets[message.tablet]
  if (message.path !== PUSH || message.answer?.status !== 200 || !tablet?.device) return
  const { results } = jsonOf(message.answer) as PushReply
  const { db } = await tablet.local()
  const gone = (results ?? []).filter(({ status }) => status !== 'quarantined').map(({ n }) => n)
  const records = opsOnDisk(tablet.database).filter((row) => gone.includes(row.n))
  await db.op.bulkDelete(gone)
  await db.view.bulkDelete(records.map((row) => row.record_id))
  world.touched.add(tablet)
}

/** The page claims to begin where the tablet stands. */
function claimPlace(world: World, message: Message): Promise<Answer | null> {
  const database = world.tablets[message.tablet]?.database ?? ''
  if (message.path !== PULL || message.answer?.status !== 200) return Promise.resolve(null)
  const reply = jsonOf(message.answer) as PullReply
  const feeds = metaOnDisk(database, 'feeds') ?? {}
  for (const [feed, page] of Object.entries(reply.feeds ?? {}))
    page.from = feeds[feed]?.cursor ?? page.from
  return Promise.resolve(withBody(message.answer, reply))
}

async function blockPoison(world: World, message: Message, next: Serve): Promise<Answer> {
  const isPoison =
    message.path === PUSH && pushOf(message).ops.some((op) => world.poison.has(op.op_id))
  return isPoison ? refusal(503, 'unready') : next(message)
}

async function dropSkips(_world: World, message: Message, next: Serve): Promise<Answer> {
  if (message.path !== PUSH) return next(message)
  const push = pushOf(message)
  const ops = push.ops.filter((op) => op.type !== 'skip')
  return next({ ...message, body: JSON.stringify({ ...push, ops }) })
}

async function splitGroups(world: World, message: Message, next: Serve): Promise<Answer> {
  if (message.path !== PUSH) return next(message)
  return pushSealed(world, message, next, ({ tx: _tx, ...op }) => op)
}

async function skipPrev(world: World, message: Message, next: Serve): Promise<Answer> {
  return message.path === PUSH ? pushSealed(world, message, next) : next(message)
}

function onLedger(statement: (world: World) => Promise<unknown>): Rule<World>['afterStep'] {
  return async (world) => {
    await statement(world)
    world.server.handled += 1
  }
}

export const RULES: readonly Rule<World>[] = [
  { name: 'leave-rows', serve: filterRows((row) => row.state !== 'leave') },
  { name: 'poison-apart', serve: blockPoison },
  { name: 'unknown-kept', serve: filterRows((row) => row.kind !== 'loyalty') },
  { name: 'op-identity', serve: countOnly },
  { name: 'prev-checked', serve: skipPrev },
  {
    name: 'floor',
    afterStep: onLedger(({ server: { ledger } }) =>
      ledger.tx((db) => db.update(ledger.t.feedHead).set({ floor: 0 })),
    ),
  },
  { name: 'kept-until-pulled', afterAnswer: forgetAnswered },
  { name: 'epoch', serve: oneEpoch },
  {
    name: 'once-only',
    afterStep: onLedger(({ server: { ledger } }) => ledger.tx((db) => db.delete(ledger.t.opSeen))),
  },
  { name: 'tx-whole', serve: splitGroups },
  { name: 'page-from', receive: claimPlace },
  { name: 'skip', serve: dropSkips },
  { name: 'decisions-followed', serve: filterRows((row) => row.kind !== 'decision') },
]

export function ruleOf(name: string | null): Rule<World> | null {
  if (name === null) return null
  const rule = RULES.find((one) => one.name === name)
  if (!rule)
    throw new Error(`no rule ${name}; there are ${RULES.map((one) => one.name).join(', ')}`)
  return rule
}
