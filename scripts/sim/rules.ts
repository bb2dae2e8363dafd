// The rules of the protocol, each with what takes it away.
import { OLDEST_SERVED_SCHEMA } from '#model/op.ts'
import type { Manifest, PullReply, PushReply } from '#model/protocol.ts'
import { KEEP_ACKED_MS, pruneAcked } from '#web/local/skip.ts'
import { metaOnDisk, opsOnDisk } from './disk.ts'
import { diskFault } from './disk-faults.ts'
import type { Answer, Message } from './network.ts'
import type { Rule, Serve } from './rule.ts'
import { countOnly, headOnly, pushSealed } from './sealed-again.ts'
import { commitLate } from './late-rows.ts'
import { jsonOf } from './server.ts'
import { followNobody } from './unmerged-pushes.ts'
import { filterRows, PULL, PUSH, pushOf, refusal, withBody } from './wire.ts'
import type { World } from './world.ts'

/** Neither side ever hears of another epoch than the one it knows. */
async function sameEpoch(world: World, message: Message, next: Serve): Promise<Answer> {
  const asked: unknown = message.body === undefined ? null : JSON.parse(message.body)
  const body = asked === null ? {} : { body: JSON.stringify(asked, hideEpoch) }
  const answer = await next({ ...message, ...body })
  if (answer.status !== 200 || !/push|pull|snapshot/.test(message.path)) return answer
  const database = world.tablets[message.tablet]?.database ?? ''
  const feeds = metaOnDisk(database, 'feeds') ?? {}
  const reply = jsonOf(answer) as Partial<PullReply & Manifest>
  reply.epoch = feeds[reply.feed ?? '']?.epoch ?? metaOnDisk(database, 'epoch') ?? reply.epoch ?? ''
  for (const [feed, page] of Object.entries(reply.feeds ?? {}))
    page.epoch = feeds[feed]?.epoch ?? page.epoch
  return withBody(answer, reply)
}

function hideEpoch(key: string, value: unknown): unknown {
  return key === 'epoch' ? null : value
}

/** The tablet forgets an op as soon as the server has it. */
async function forgetAnswered(world: World, message: Message): Promise<void> {
  const tablet = world.tablets[message.tablet]
  if (message.path !== PUSH || message.answer?.status !== 200 || !tablet?.device) return
  if (diskFault(tablet.database).isDown) return
  const { results } = (jsonOf(message.answer) ?? {}) as Partial<PushReply>
  const { db } = await tablet.local()
  const gone = (results ?? []).filter(({ status }) => status !== 'quarantined').map(({ n }) => n)
  const records = opsOnDisk(tablet.database).filter((row) => gone.includes(row.n))
  world.touched.add(tablet)
  try {
    await db.op.bulkDelete(gone)
    await db.view.bulkDelete(records.map((row) => row.record_id))
  } catch (error) {
    if (!diskFault(tablet.database).isDown) throw error
  }
}

/** The page claims to begin where the tablet stands. */
function claimPlace(world: World, message: Message): Promise<Answer | null> {
  const database = world.tablets[message.tablet]?.database ?? ''
  if (message.path !== PULL || message.answer?.status !== 200) return Promise.resolve(null)
  const reply = jsonOf(message.answer) as PullReply | null
  if (!reply?.feeds) return Promise.resolve(null)
  const feeds = metaOnDisk(database, 'feeds') ?? {}
  for (const [feed, page] of Object.entries(reply.feeds))
    page.from = feeds[feed]?.cursor ?? page.from
  return Promise.resolve(withBody(message.answer, reply))
}

async function blockPoison(world: World, message: Message, next: Serve): Promise<Answer> {
  const isPoison =
    message.path === PUSH && pushOf(message).ops.some((op) => world.poison.has(op.op_id))
  return isPoison ? refusal(503, 'unready') : next(message)
}

/** Whoever asks about people whom no feed speaks of hears that none was erased. */
async function nobodyErased(_world: World, message: Message, next: Serve): Promise<Answer> {
  const answer = await next(message)
  const isAsked = message.path === '/api/sync/erased' && answer.status === 200
  return isAsked ? withBody(answer, { erased: [] }) : answer
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

/** An app that is too old hands nothing in. */
async function servesNewOnly(_world: World, message: Message, next: Serve): Promise<Answer> {
  const isPush = message.path === PUSH
  const isOld = isPush && pushOf(message).health.schema < OLDEST_SERVED_SCHEMA
  return isOld ? refusal(426, 'update-needed') : next(message)
}

/** Tablets keep what was acknowledged for no time at all. */
async function dropAcked(world: World): Promise<void> {
  for (const tablet of world.touched) {
    if (!tablet.hasDisk) continue
    const local = await tablet.local()
    const now = () => tablet.now() + KEEP_ACKED_MS + 1
    await pruneAcked({ ...local, deps: { ...local.deps, now } })
  }
}

/** Times are taken as the tablets' clocks showed them. */
async function uncorrected(world: World, message: Message, next: Serve): Promise<Answer> {
  if (message.path !== PUSH) return next(message)
  return pushSealed(world, message, next, (op) => ({ ...op, offset_ms: 0 }))
}

function onLedger(
  statement: (world: World) => Promise<unknown>,
): Required<Rule<World>>['afterStep'] {
  return async (world) => {
    await statement(world)
    world.server.handled += 1
  }
}

export const RULES: readonly Rule<World>[] = [
  { name: 'leave-rows', boost: { transfer: 2 }, serve: filterRows((row) => row.state !== 'leave') },
  {
    name: 'gone-rows',
    boost: { erase: 6 },
    serve: filterRows((row) => row.state !== 'gone'),
  },
  {
    name: 'erased-asked',
    boost: { erase: 6, 'other-store': 3, visitor: 3 },
    serve: nobodyErased,
  },
  { name: 'poison-apart', serve: blockPoison },
  {
    name: 'unknown-kept',
    boost: { 'future-row': 4 },
    serve: filterRows((row) => row.kind !== 'loyalty'),
  },
  {
    name: 'op-identity',
    boost: { clone: 3, 'dump-device': 3, 'restore-device': 4 },
    serve: countOnly,
  },
  {
    name: 'all-compared',
    boost: { clone: 3, 'dump-device': 3, 'restore-device': 4 },
    serve: headOnly,
  },
  {
    name: 'floor',
    boost: { transfer: 4, compact: 6, sync: 0.5 },
    afterStep: onLedger(({ server: { ledger } }) =>
      ledger.tx((db) => db.update(ledger.t.feedHead).set({ floor: 0 })),
    ),
  },
  {
    name: 'kept-until-pulled',
    boost: { write: 1.5, begin: 2, deliver: 1.5 },
    afterAnswer: forgetAnswered,
  },
  { name: 'epoch', boost: { backup: 2, 'restore-server': 4 }, serve: sameEpoch },
  {
    name: 'once-only',
    afterStep: onLedger(({ server: { ledger } }) => ledger.tx((db) => db.delete(ledger.t.opSeen))),
  },
  { name: 'tx-whole', boost: { 'poison-group': 3 }, serve: splitGroups },
  { name: 'page-from', boost: { 'second-tab': 8, 'desk-write': 6 }, receive: claimPlace },
  {
    name: 'skip',
    boost: { 'long-pause': 12, backup: 1.5, 'restore-server': 4 },
    serve: dropSkips,
  },
  {
    name: 'decisions-followed',
    boost: { decide: 3 },
    serve: filterRows((row) => row.kind !== 'decision'),
  },
  { name: 'acked-kept', boost: { backup: 2, 'restore-server': 4 }, afterStep: dropAcked },
  { name: 'clock-corrected', serve: uncorrected },
  { name: 'merge-followed', boost: { merge: 4 }, serve: followNobody },
  { name: 'old-may-push', boost: { 'move-on': 8, update: 0.2 }, serve: servesNewOnly },
  { name: 'numbered-in-order', afterStep: onLedger(commitLate) },
]

export function ruleOf(name: string | null): Rule<World> | null {
  if (name === null) return null
  const rule = RULES.find((one) => one.name === name)
  if (!rule)
    throw new Error(`no rule ${name}; there are ${RULES.map((one) => one.name).join(', ')}`)
  return rule
}
