// One op that cannot even be read must not keep a tablet's other work from arriving.
import { expect } from 'vitest'
import type { Op } from '#model/op.ts'
import { decide } from './decide.ts'
import { push } from './push.ts'
import { replay } from './replay.ts'
import { stateHash } from './state-hash.ts'
import {
  enrolTablet,
  id,
  makeChain,
  MONDAY_10AM,
  onBothEngines,
  openEmpty,
  type Tablet,
} from './test-ledger.ts'
import { verifyChains } from './verify.ts'

function pushRaw(tablet: Tablet, ops: unknown[]) {
  const { device_id } = tablet.session
  const body = { device_id, epoch: null, health: tablet.health(), ops }
  return push(tablet.ledger, tablet.session, body, MONDAY_10AM)
}

function nested(depth: number): unknown {
  let value: unknown = 1
  for (let level = 0; level < depth; level += 1) value = [value]
  return value
}

onBothEngines('an unreadable op is refused by itself, and the rest goes on', async (engine) => {
  const chain = await makeChain(await openEmpty(engine))
  const { ledger, admin, stores } = chain
  const tablet = await enrolTablet(chain, 0)
  const next = () => tablet.visit(null, null)
  const ops: unknown[] = [
    next(),
    { ...next(), actor_id: 'nobody', extra: 'a\u0000b\ud800' },
    { ...next(), payload: 'text' },
    { ...next(), payload: { deep: nested(50_000) } },
    { ...next(), ts_wall: Infinity, store_id: '\u0000', payload: { long: 'x'.repeat(100_000) } },
    next(),
  ]
  const reply = await pushRaw(tablet, ops)
  expect(reply).toMatchObject({ last_n: 6, last_hash: tablet.head.hash })
  expect(reply.results.map((one) => [one.reason ?? one.status, one.detail])).toEqual([
    ['applied', undefined],
    ['malformed', 'actor_id'],
    ['malformed', 'payload'],
    ['malformed', 'depth'],
    ['malformed', 'store_id'],
    ['applied', undefined],
  ])
  const again = await pushRaw(tablet, ops)
  expect(again.results.map((one) => one.first)).toEqual([
    'applied',
    ...Array.from({ length: 4 }, () => 'quarantined'),
    'applied',
  ])
  const rows = await ledger.db.select().from(ledger.t.quarantine).orderBy(ledger.t.quarantine.n)
  const raw = rows.map((row) => String(row.op.payload['raw']))
  expect(raw[0]).toContain('"actor_id":"nobody"')
  expect(raw[2]).toBe('')
  expect(Math.max(...raw.map((text) => text.length))).toBe(16 * 1024)
  const made = {
    subject: 'op',
    subject_id: rows[0]!.op_id,
    reason: 'x',
    store_id: stores[0],
  } as const
  await expect(
    decide(ledger, admin, { ...made, verdict: 'reapply' }, MONDAY_10AM),
  ).rejects.toMatchObject({ detail: 'unknown-kind' })
  await decide(ledger, admin, { ...made, verdict: 'dismiss' }, MONDAY_10AM + 1)
  expect(await verifyChains(ledger, () => undefined)).toMatchObject({ broken: 0 })
  const other = await openEmpty(engine)
  await replay(ledger, other)
  expect(await stateHash(other)).toBe(await stateHash(ledger))
  await other.close()
  await ledger.close()
})

onBothEngines(
  'what has no place in the chain ends the push after what came before',
  async (engine) => {
    const chain = await makeChain(await openEmpty(engine))
    const tablet = await enrolTablet(chain, 0)
    const [first, second, third]: Op[] = [1, 2, 3].map(() => tablet.visit(null, null))
    for (const none of [null, 'op', [], { ...second, n: 0 }, { ...second, op_id: 'x' }, { n: 2 }])
      expect(await pushRaw(tablet, [first, none, third])).toMatchObject({ last_n: 1, stop: 'gap' })
    expect((await pushRaw(tablet, [first, second, third])).last_n).toBe(3)
    const tx = id()
    const [one, two] = [1, 2].map(() =>
      tablet.seal({
        kind: 'visit',
        record_id: id(),
        type: 'visit',
        tx,
        payload: { customer_id: null, home_store_id: null, purpose: 'buy' },
      }),
    )
    const { results } = await pushRaw(tablet, [one, { ...two, base_seq: -1 }])
    expect(results.map((result) => result.reason)).toEqual(['tx', 'malformed'])
    await chain.ledger.close()
  },
)
