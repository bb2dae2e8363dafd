// What is at stake: work that never arrives without anybody being told. A device that lost, copied
// or set back its storage goes on by itself, and what is missing stands in the loss ledger.
import { expect } from 'vitest'
import type { Loss } from '#model/loss.ts'
import { hashOp, type Op, sealOp } from '#model/op.ts'
import type { Health } from '#model/protocol.ts'
import { headPast } from '#model/skip.ts'
import { compact } from './compact.ts'
import { decide } from './decide.ts'
import { sessionOfToken } from './devices.ts'
import { eventsOf } from './events.ts'
import { lossesOf, silentLosses } from './loss.ts'
import { nodePorts } from './ports.ts'
import { pull } from './pull.ts'
import { push } from './push.ts'
import { renewDevice, selfOf } from './renew.ts'
import { replay } from './replay.ts'
import { stateHash } from './state-hash.ts'
import {
  enrolTablet,
  id,
  makeChain,
  MONDAY_10AM,
  onBothEngines,
  openEmpty,
  Tablet,
} from './test-ledger.ts'

const HOUR = 3_600_000
const ALL = { all: true } as const

async function kindsOf(tablet: Tablet, deviceId = tablet.session.device_id) {
  const events = await eventsOf(tablet.ledger, tablet.session.book, deviceId, 20)
  return events.map((event) => event.kind)
}

/** Says how it is, without anything to send. */
async function report(tablet: Tablet, more: Partial<Health>, now = MONDAY_10AM) {
  const { device_id } = tablet.session
  const health = { ...tablet.health(), ...more }
  return push(tablet.ledger, tablet.session, { device_id, epoch: null, health, ops: [] }, now)
}

/** The skip that a tablet writes over the server's head when `lost` is all that it cannot send. */
function sealSkip(
  tablet: Tablet,
  lost: readonly Op[],
  over: { op_id: string | null; hash: string },
) {
  const [from_n, last] = [lost[0]?.n ?? 0, lost.at(-1)]
  if (!last) throw new Error('nothing was lost')
  const { device_id, book } = tablet.session
  const payload = { from_n, last_op_id: last.op_id, last_hash: last.hash }
  const draft = { store_id: book, kind: 'device', record_id: device_id, payload }
  const envelope = { op_id: id(), actor_id: tablet.actor, unlock_id: null, base_seq: 0 }
  const clocks = { ts_wall: MONDAY_10AM, offset_ms: 0, ts_mono: 0 }
  const head = { n: last.n - 1, op_id: over.op_id, hash: over.hash }
  return sealOp({ ...draft, type: 'skip' }, head, { ...envelope, ...clocks }, nodePorts.sha256)
}

onBothEngines('a gap that cannot be filled is skipped, and the chain goes on', async (engine) => {
  const chain = await makeChain(await openEmpty(engine))
  const tablet = await enrolTablet(chain, 0)
  const ops = Array.from({ length: 6 }, (_, at) =>
    tablet.visit(null, null, MONDAY_10AM - at * HOUR),
  )
  const first = await tablet.push(ops.slice(0, 2))
  const gap = await tablet.push(ops.slice(4))
  expect([gap.stop, gap.last_n, gap.last_hash]).toEqual(['gap', 2, ops[1]?.hash])
  const skip = sealSkip(tablet, ops.slice(2, 4), { op_id: first.last_op_id, hash: gap.last_hash })
  const reply = await tablet.push([skip, ...ops.slice(4)])
  expect(reply.results.map((result) => result.status)).toEqual(['applied', 'applied', 'applied'])
  expect([reply.stop, reply.last_n, reply.last_hash]).toEqual([undefined, 6, ops[5]?.hash])
  const [loss] = await lossesOf(chain.ledger, ALL, 'open', MONDAY_10AM)
  const span = { from_at: MONDAY_10AM - HOUR, to_at: MONDAY_10AM - 4 * HOUR }
  expect(loss).toMatchObject({ cause: 'skipped', from_n: 3, to_n: 4, ...span })
  expect(await kindsOf(tablet)).toEqual(expect.arrayContaining(['first-push', 'gap', 'skip']))
  expect((await tablet.push([skip])).results[0]).toMatchObject({ status: 'dup', first: 'applied' })
  const other = await openEmpty(engine)
  await replay(chain.ledger, other)
  expect(await stateHash(other)).toBe(await stateHash(chain.ledger))
  await other.close()
  await chain.ledger.close()
})

onBothEngines(
  'a skip of another device, of other numbers or with a bad hash is none',
  async (engine) => {
    const chain = await makeChain(await openEmpty(engine))
    const tablet = await enrolTablet(chain, 0)
    const ops = Array.from({ length: 5 }, () => tablet.visit(null, null))
    const { last_op_id, last_hash } = await tablet.push(ops.slice(0, 1))
    const skip = sealSkip(tablet, ops.slice(1, 3), { op_id: last_op_id, hash: last_hash })
    const resealed = (more: Partial<Op>) => {
      const changed = { ...skip, ...more }
      return { ...changed, hash: hashOp(changed, last_hash, nodePorts.sha256) }
    }
    const late = resealed({ payload: { ...skip.payload, from_n: 3 } })
    expect((await tablet.push([late])).stop).toBe('gap')
    for (const bad of [resealed({ record_id: id() }), { ...skip, hash: late.hash }])
      expect((await tablet.push([bad])).stop).toBe('fork')
    expect(await lossesOf(chain.ledger, ALL, 'open', MONDAY_10AM)).toEqual([])
    expect((await tablet.push(ops)).last_n).toBe(5) // They were there after all.
    await chain.ledger.close()
  },
)

onBothEngines(
  'an evicted tablet goes on under a new name, and its unsent ops are told',
  async (engine) => {
    const chain = await makeChain(await openEmpty(engine))
    const { ledger } = chain
    const old = await enrolTablet(chain, 0)
    await old.push([old.visit(null, null), old.visit(null, null)])
    const [clerk, at] = [chain.clerks[0], MONDAY_10AM - HOUR]
    const unsent = { unsent: 9, oldest_unsent_at: at, newest_unsent_at: MONDAY_10AM }
    await report(old, { max_n: 11, ...unsent, unsent_by: [clerk] })
    expect(await selfOf(ledger, old.session)).toMatchObject({ last_n: 2, max_n: 11, name: 'T' })
    const token = id()
    const body = { cause: 'evicted', head_n: 0, kept: null } as const
    const renewed = await renewDevice(ledger, old.session, body, token, MONDAY_10AM)
    expect(renewed).toMatchObject({
      old_device_id: old.session.device_id,
      store_id: chain.stores[0],
    })
    const again = await renewDevice(ledger, old.session, body, id(), MONDAY_10AM)
    expect(again.device_id).toBe(renewed.device_id) // The first answer was lost.
    const losses = await lossesOf(ledger, ALL, 'open', MONDAY_10AM)
    const span = { from_at: at, to_at: MONDAY_10AM, staff_ids: [clerk] }
    expect(losses).toEqual([
      expect.objectContaining({ from_n: 3, to_n: 11, cause: 'evicted', ...span }),
    ])
    const session = await sessionOfToken(ledger, token)
    const tablet = new Tablet(ledger, session!, clerk)
    expect((await tablet.push([tablet.visit(null, null)])).results[0]?.status).toBe('applied')
    expect((await sessionOfToken(ledger, token))?.revoked).toBe(false)
    const feeds = { [chain.stores[0]]: { cursor: 0, epoch: null } }
    const { device_id } = tablet.session
    const page = { device_id, health: tablet.health(), feeds, limit: 100 }
    const rows = (await pull(ledger, tablet.session, page, MONDAY_10AM)).feeds[chain.stores[0]]
      ?.rows
    expect(rows?.find((row) => row.kind === 'loss')?.body).toMatchObject({ id: losses[0]?.id })
    expect(await kindsOf(tablet)).toContain('renewed')
    expect(await kindsOf(old)).toContain('renewed')
    await ledger.close()
  },
)

onBothEngines('of a copied tablet only what neither copy holds is lost', async (engine) => {
  const chain = await makeChain(await openEmpty(engine))
  const { ledger } = chain
  const tablet = await enrolTablet(chain, 0)
  await tablet.push([tablet.visit(null, null)])
  await report(tablet, { max_n: 5, unsent: 4 })
  const twin = { cause: 'copied', head_n: 3, kept: { from_n: 1, to_n: 3 } } as const
  await renewDevice(ledger, tablet.session, twin, id(), MONDAY_10AM)
  const spans = (losses: Loss[]) => losses.map(({ from_n, to_n }) => [from_n, to_n])
  expect(spans(await lossesOf(ledger, ALL, 'open', MONDAY_10AM))).toEqual([[4, 5]])
  // The copy that reported them is alive, renews itself and still holds them.
  const alive = { cause: 'copied', head_n: 5, kept: { from_n: 2, to_n: 5 } } as const
  await renewDevice(ledger, tablet.session, alive, id(), MONDAY_10AM)
  expect(await lossesOf(ledger, ALL, 'open', MONDAY_10AM)).toEqual([])
  const closed = await lossesOf(ledger, ALL, 'closed', MONDAY_10AM)
  expect(closed.map((loss) => loss.state)).toEqual(['recovered'])
  expect(await kindsOf(tablet)).toContain('fork')
  await ledger.close()
})

onBothEngines('a loss whose ops come after all is recovered', async (engine) => {
  const chain = await makeChain(await openEmpty(engine))
  const tablet = await enrolTablet(chain, 0)
  const ops = Array.from({ length: 4 }, () => tablet.visit(null, null))
  await tablet.push(ops.slice(0, 1))
  await report(tablet, { max_n: 4, unsent: 3 })
  const body = { cause: 'restored', head_n: 1, kept: { from_n: 1, to_n: 1 } } as const
  await renewDevice(chain.ledger, tablet.session, body, id(), MONDAY_10AM)
  expect(await compact(chain.ledger, MONDAY_10AM)).toMatchObject({ recovered: 0 })
  await tablet.push(ops)
  expect(await compact(chain.ledger, MONDAY_10AM)).toMatchObject({ recovered: 1 })
  expect(await lossesOf(chain.ledger, ALL, 'open', MONDAY_10AM)).toEqual([])
  await chain.ledger.close()
})

onBothEngines(
  'a tablet that never comes back is a loss until a person accepts it',
  async (engine) => {
    const chain = await makeChain(await openEmpty(engine))
    const { ledger, stores, admin } = chain
    const tablet = await enrolTablet(chain, 2)
    await tablet.push([tablet.visit(null, null)])
    await report(tablet, { max_n: 4, unsent: 3 })
    // Set back in time it reports less; what it said before still counts.
    await report(tablet, { max_n: 1, unsent: 0 })
    const later = MONDAY_10AM + 73 * HOUR
    expect(await silentLosses(ledger, ALL, MONDAY_10AM + 70 * HOUR)).toEqual([])
    const elsewhere = { all: false, region_id: null, store_ids: [stores[0]] } as const
    expect(await silentLosses(ledger, elsewhere, later)).toEqual([])
    const [loss] = await lossesOf(ledger, ALL, 'open', later)
    expect(loss).toMatchObject({ cause: 'silent', from_n: 2, to_n: 4, store_id: stores[2] })
    const made = { subject: 'loss', subject_id: loss!.id, verdict: 'accept' } as const
    const why = { reason: '平板丢失', store_id: stores[2] }
    await decide(ledger, admin, { ...made, ...why }, later)
    expect(await lossesOf(ledger, ALL, 'open', later)).toEqual([])
    const again = decide(ledger, admin, { ...made, ...why }, later)
    await expect(again).rejects.toMatchObject({ code: 'refused-again', detail: 'decided' })
    const [closed] = await lossesOf(ledger, ALL, 'closed', later)
    expect(closed).toMatchObject({ id: loss!.id, state: 'accepted', closed_at: later })
    await ledger.close()
  },
)

onBothEngines('a tablet that fell silent after it sent all it had lost nothing', async (engine) => {
  const chain = await makeChain(await openEmpty(engine))
  const { ledger } = chain
  const tablet = await enrolTablet(chain, 0)
  const { device_id } = tablet.session
  const ops = [tablet.visit(null, null), tablet.visit(null, null)]
  const health = { ...tablet.health(), max_n: 2, unsent: 2, oldest_unsent_at: MONDAY_10AM }
  await push(ledger, tablet.session, { device_id, epoch: null, health, ops }, MONDAY_10AM)
  const later = MONDAY_10AM + 73 * HOUR
  expect(await silentLosses(ledger, ALL, later)).toEqual([])
  await report(tablet, { max_n: 3, unsent: 1 })
  expect(await silentLosses(ledger, ALL, later)).toMatchObject([{ from_n: 3, to_n: 3 }])
  await ledger.close()
})

onBothEngines('a revoked tablet and the desk are not renewed', async (engine) => {
  const chain = await makeChain(await openEmpty(engine))
  const tablet = await enrolTablet(chain, 0)
  const body = { cause: 'evicted', head_n: 0, kept: null } as const
  for (const session of [{ ...tablet.session, revoked: true }, chain.admin.session])
    await expect(renewDevice(chain.ledger, session, body, id(), MONDAY_10AM)).rejects.toMatchObject(
      {
        code: 'unknown-device',
      },
    )
  await chain.ledger.close()
})

onBothEngines(
  'the rest of a group whose beginning was refused is refused with it',
  async (engine) => {
    const chain = await makeChain(await openEmpty(engine))
    const tablet = await enrolTablet(chain, 0)
    const tx = id()
    const member = (payload: object) =>
      tablet.seal({ kind: 'visit', record_id: id(), type: 'visit', tx, payload: { ...payload } })
    const whole = { customer_id: null, home_store_id: null, purpose: 'buy' }
    const [bad, rest, last] = [member({}), member(whole), member(whole)]
    const apart = tablet.visit(null, null)
    expect((await tablet.push([bad, rest])).results.map((one) => one.reason)).toEqual([
      'malformed',
      'tx',
    ])
    const { results } = await tablet.push([last, apart])
    expect(results.map((one) => one.reason ?? one.status)).toEqual(['tx', 'applied'])
    const other = await openEmpty(engine)
    await replay(chain.ledger, other)
    expect(await stateHash(other)).toBe(await stateHash(chain.ledger))
    expect(headPast(apart)).toEqual(tablet.head)
    await other.close()
    await chain.ledger.close()
  },
)

onBothEngines('work that was set back before it was sent is told, once', async (engine) => {
  const chain = await makeChain(await openEmpty(engine))
  const { ledger, clerks } = chain
  const tablet = await enrolTablet(chain, 0)
  await tablet.push([tablet.visit(null, null), tablet.visit(null, null)])
  const at = MONDAY_10AM + HOUR
  const held = { unsent: 3, oldest_unsent_at: at - HOUR, newest_unsent_at: at }
  await report(tablet, { max_n: 5, client_now: at, ...held, unsent_by: [clerks[0]] }, at)
  await report(tablet, { max_n: 4, client_now: at - 1 }, at + 1) // An older report that came late.
  expect(await lossesOf(ledger, ALL, 'open', at)).toEqual([])
  for (const later of [1, 2])
    // Its storage is that of an hour ago from now on.
    await report(tablet, { max_n: 3, unsent: 1, client_now: at + later * HOUR }, at + later * HOUR)
  const losses = await lossesOf(ledger, ALL, 'open', at)
  const span = { from_at: at - HOUR, to_at: at, staff_ids: [clerks[0]] }
  expect(losses).toMatchObject([{ cause: 'restored', from_n: 4, to_n: 5, ...span }])
  const fresh = [3, 4, 5].map((n) => tablet.visit(null, null, at + n * HOUR))
  await push(
    ledger,
    tablet.session,
    { device_id: tablet.session.device_id, epoch: null, health: tablet.health(), ops: fresh },
    at + 6 * HOUR,
  )
  await compact(ledger, at + 7 * HOUR) // The numbers came, but not the work.
  expect(await lossesOf(ledger, ALL, 'open', at)).toHaveLength(1)
  await ledger.close()
})
