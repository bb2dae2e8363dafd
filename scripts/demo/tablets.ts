import { randomBytes } from 'node:crypto'
import type { Session } from '#model/access.ts'
import { must } from '#model/assert.ts'
import { DAY_MS } from '#model/calendar.ts'
import { type DeviceHead, firstHash, headAfter, type Op, SCHEMA, sealOp } from '#model/op.ts'
import type { Health } from '#model/protocol.ts'
import { createEnrolment, enrolDevice, revokeDevice, sessionOfToken } from '#sql/devices.ts'
import type { Ledger } from '#sql/ledger.ts'
import { pull } from '#sql/pull.ts'
import { push } from '#sql/push.ts'
import type { TimedDraft } from '#sql/write.ts'
import { hashToken, makeToken } from '#api/tokens.ts'
import type { DemoChain, DemoPerson, DemoStore } from './chain.ts'
import { REFUSING_STORE } from './chain.data.ts'
import type { Contacts, Tablet } from './contacts.ts'
import { type Random, uuid7 } from './random.ts'

// The stores' tablets, let in, heard and shut out through the same functions as real ones.

const APP_VERSION = '0.1.0'
/** A tablet with a network sends within minutes; so many visits wait for the next sending. */
const USUAL_DARK_MINUTES = 8
const MINUTE_MS = 60_000
const REFUSED_OPS = 2

interface Device {
  session: Session
  head: DeviceHead
  epoch: string | null
}

async function enrol(
  ledger: Ledger,
  chain: DemoChain,
  store: DemoStore,
  name: string,
  at: number,
): Promise<Device> {
  const [code_hash, token_hash] = [
    hashToken(makeToken(randomBytes)),
    hashToken(makeToken(randomBytes)),
  ]
  const code = { code_hash, store_id: store.id, name, uses: 1, until: at + DAY_MS }
  await createEnrolment(ledger, { ...code, created_by: chain.admin.id }, at)
  await enrolDevice(ledger, code_hash, token_hash, at)
  const session = must(await sessionOfToken(ledger, token_hash), 'a tablet just enrolled')
  const head = { n: 0, op_id: null, hash: firstHash(session.device_id) }
  return { session, head, epoch: null }
}

function healthAt(device: Device, unsent: number, at: number): Health {
  return {
    app_version: APP_VERSION,
    schema: SCHEMA,
    client_now: at,
    max_n: device.head.n + unsent,
    unsent,
    oldest_unsent_at: unsent > 0 ? at - unsent * 420_000 : null,
    persisted: true,
    usage_bytes: 6_400_000,
    quota_bytes: 2_100_000_000,
  }
}

function seal(
  ledger: Ledger,
  device: Device,
  drafts: readonly TimedDraft[],
  actorOf: () => DemoPerson,
  random: Random,
): Op[] {
  const unlock_id = uuid7(drafts[0]?.at ?? 0, random)
  return drafts.map(({ at = 0, op_id, ...draft }) => {
    const envelope = {
      op_id: op_id ?? uuid7(at, random),
      actor_id: actorOf().id,
      unlock_id,
      base_seq: 0,
      ts_wall: at,
      offset_ms: 0,
      ts_mono: 0,
    }
    const op = sealOp(draft, device.head, envelope, ledger.ports.sha256)
    device.head = headAfter(op)
    return op
  })
}

/** Drafts that waited together: none waits longer than the network stays away. */
function sendings(drafts: readonly TimedDraft[], darkMinutes: number): TimedDraft[][] {
  const groups: TimedDraft[][] = []
  for (const draft of drafts) {
    const open = groups.at(-1)
    const openedAt = open?.[0]?.at ?? -Infinity
    if (open && (draft.at ?? 0) - openedAt < darkMinutes * MINUTE_MS) open.push(draft)
    else groups.push([draft])
  }
  return groups
}

/** Pushes what happened in batches, each some seconds or minutes after its last visit. */
async function pushAll(
  ledger: Ledger,
  device: Device,
  drafts: readonly TimedDraft[],
  darkMinutes: number,
  actorOf: () => DemoPerson,
  random: Random,
): Promise<void> {
  for (const sending of sendings(drafts, darkMinutes)) {
    const ops = seal(ledger, device, sending, actorOf, random)
    const at = (ops.at(-1)?.ts_wall ?? 0) + random.whole(2000, 40_000)
    const { device_id } = device.session
    const body = { device_id, epoch: device.epoch, health: healthAt(device, 0, at), ops }
    const reply = await push(ledger, device.session, body, at)
    device.epoch = reply.epoch
  }
}

/** Somebody of another store used this tablet: the server refuses, and the page shows it. */
async function pushRefused(
  ledger: Ledger,
  device: Device,
  store: DemoStore,
  chain: DemoChain,
  random: Random,
  at: number,
): Promise<void> {
  const stranger = must(
    chain.stores.find((other) => other !== store)?.clerks[0],
    'a clerk of another store',
  )
  const drafts = Array.from({ length: REFUSED_OPS }, (_, index): TimedDraft => {
    const then = at - (index + 1) * 3_600_000
    const payload = { customer_id: null, home_store_id: null, count: 1, purpose: 'browse' }
    const record_id = uuid7(then, random)
    return { store_id: store.id, kind: 'visit', record_id, type: 'visit', at: then, payload }
  })
  await pushAll(ledger, device, drafts.reverse(), USUAL_DARK_MINUTES, () => stranger, random)
}

async function runTablet(
  ledger: Ledger,
  chain: DemoChain,
  store: DemoStore,
  tablet: Tablet,
  queue: readonly TimedDraft[],
  random: Random,
): Promise<void> {
  const enrolledAt = (tablet.seenAt ?? queue.at(-1)?.at ?? 0) - 30 * DAY_MS
  const device = await enrol(ledger, chain, store, tablet.name, enrolledAt)
  const darkMinutes = tablet.darkMinutes ?? USUAL_DARK_MINUTES
  const someone = () => random.pick(store.clerks)
  await pushAll(ledger, device, queue, darkMinutes, someone, random)
  if (tablet.seenAt === null) return
  if (store.plan.code === REFUSING_STORE)
    await pushRefused(ledger, device, store, chain, random, tablet.seenAt)
  const { device_id } = device.session
  const health = healthAt(device, tablet.unsent ?? 0, tablet.seenAt)
  await pull(ledger, device.session, { device_id, health, feeds: {}, limit: 1 }, tablet.seenAt)
  if (tablet.revoked) await revokeDevice(ledger, chain.desk, device_id, tablet.seenAt + DAY_MS)
}

/** Lets every store's tablets in and has them push the last days' visits. */
export async function runTablets(
  ledger: Ledger,
  chain: DemoChain,
  contacts: Contacts,
  random: Random,
): Promise<number> {
  let pushed = 0
  for (const store of chain.stores) {
    const queue = contacts.queueOf(store)
    pushed += queue.length
    const tablets = contacts.tabletsOf(store)
    const busy = tablets.filter((tablet) => !tablet.revoked && tablet.seenAt !== null)
    for (const tablet of tablets) {
      const turn = busy.indexOf(tablet)
      const own = turn < 0 ? [] : queue.filter((_, index) => index % busy.length === turn)
      const label = `${store.plan.code} ${tablet.name}`
      await runTablet(ledger, chain, store, tablet, own, random.fork(label))
    }
  }
  return pushed
}
