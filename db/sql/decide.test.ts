// What is at stake: a clerk's work that the server refused. It stays, whole, until a person decides
// (I12); applied after all it counts exactly as if it had been applied at once.
import { expect } from 'vitest'
import { type Draft, hashOp, type Op, SCHEMA } from '#model/op.ts'
import { decide, reapplyKnown, type Deciding } from './decide.ts'
import { nodePorts } from './ports.ts'
import { pull } from './pull.ts'
import { replay } from './replay.ts'
import { stateHash } from './state-hash.ts'
import {
  enrolTablet,
  id,
  makeChain,
  MONDAY_10AM,
  onBothEngines,
  openEmpty,
  recounted,
  type EngineName,
  type Tablet,
  type TestChain,
} from './test-ledger.ts'
import { type Writer, writeDrafts } from './write.ts'

const LATER = MONDAY_10AM + 3_600_000

async function fresh(engine: EngineName) {
  const chain = await makeChain(await openEmpty(engine))
  return { chain, tablet: await enrolTablet(chain, 0) }
}

/** A manager of a store who signs in at the desk. */
async function addManager(chain: TestChain, index: 0 | 1 | 2): Promise<Writer> {
  const actor_id = id()
  const payload = { name: 'Manager', role: 'store-manager', store_ids: [chain.stores[index]] }
  const draft: Draft = {
    store_id: 'chain',
    kind: 'staff',
    record_id: actor_id,
    type: 'create',
    payload,
  }
  await writeDrafts(chain.ledger, chain.admin, [draft], MONDAY_10AM)
  return { ...chain.admin, actor_id }
}

function about(op: Op, verdict: 'reapply' | 'dismiss', store_id: string): Deciding {
  return { subject: 'op', subject_id: op.op_id, verdict, reason: '已核实', store_id }
}

async function quarantined(chain: TestChain) {
  const rows = await chain.ledger.db.select().from(chain.ledger.t.quarantine)
  return rows.map((row) => [row.reason, row.state])
}

async function rowsOf(tablet: Tablet) {
  const { book, device_id } = tablet.session
  const feeds = { [book]: { cursor: 0, epoch: null } }
  const body = { device_id, health: tablet.health(), feeds, limit: 2000 }
  return (await pull(tablet.ledger, tablet.session, body, LATER)).feeds[book]?.rows ?? []
}

/** Every op of the ledger gives another ledger the same state. */
async function expectReplays(engine: EngineName, chain: TestChain) {
  const other = await openEmpty(engine)
  await replay(chain.ledger, other)
  expect(await stateHash(other)).toBe(await stateHash(chain.ledger))
  await other.close()
}

onBothEngines('a re-applied op counts as if it had been applied at once', async (engine) => {
  const { chain, tablet } = await fresh(engine)
  const { ledger, stores } = chain
  const [customer, stranger] = [id(), id()]
  const created = tablet.customer(customer)
  const visit = tablet.visit(customer, stores[0], MONDAY_10AM - 86_400_000)
  // The person who wrote it is on no books, so it was refused.
  const foreign = { ...visit, actor_id: stranger }
  foreign.hash = hashOp(foreign, created.hash, nodePorts.sha256)
  const { results } = await tablet.push([created, foreign])
  expect(results[1]).toMatchObject({ reason: 'unknown-actor' })
  const manager = await addManager(chain, 0)
  const { decision_id } = await decide(ledger, manager, about(visit, 'reapply', stores[0]), LATER)
  expect(await quarantined(chain)).toEqual([['unknown-actor', 'reapplied']])
  expect((await tablet.push([foreign])).results[0]).toEqual({
    n: 2,
    op_id: visit.op_id,
    status: 'dup',
    first: 'applied',
  })
  const rows = await rowsOf(tablet)
  expect(rows.find((row) => row.kind === 'visit')?.body).toMatchObject({
    id: visit.record_id,
    actor_id: stranger,
    at: visit.ts_wall,
  })
  expect(rows.find((row) => row.kind === 'decision')?.body).toEqual({
    id: decision_id,
    subject: 'op',
    subject_id: visit.op_id,
    verdict: 'reapply',
    reason: '已核实',
    device_id: tablet.session.device_id,
    by: manager.actor_id,
    at: LATER,
  })
  await expectReplays(engine, chain)
  expect(await recounted(ledger)).toEqual([])
  await ledger.close()
})

onBothEngines('a dismissed op changes nothing and is never decided again', async (engine) => {
  const { chain, tablet } = await fresh(engine)
  const { ledger, stores, admin } = chain
  const visit = tablet.visit(id(), stores[0])
  await tablet.push([visit])
  const before = await rowsOf(tablet)
  await decide(ledger, admin, about(visit, 'dismiss', stores[0]), LATER)
  expect(await quarantined(chain)).toEqual([['unknown-customer', 'dismissed']])
  expect((await rowsOf(tablet)).length).toBe(before.length + 1)
  expect((await tablet.push([visit])).results[0]).toMatchObject({ first: 'quarantined' })
  for (const verdict of ['reapply', 'dismiss'] as const)
    await expect(
      decide(ledger, admin, about(visit, verdict, stores[0]), LATER),
    ).rejects.toMatchObject({ code: 'refused-again', detail: 'decided' })
  await expectReplays(engine, chain)
  await ledger.close()
})

onBothEngines('an op that still cannot be stays where it is, with its reason', async (engine) => {
  const { chain, tablet } = await fresh(engine)
  const { ledger, stores, admin } = chain
  const visit = tablet.visit(id(), stores[0])
  const hash = async () => [await quarantined(chain), await stateHash(ledger)]
  await tablet.push([visit])
  const before = await hash()
  await expect(
    decide(ledger, admin, about(visit, 'reapply', stores[0]), LATER),
  ).rejects.toMatchObject({ code: 'refused-again', detail: 'unknown-customer' })
  const other = await addManager(chain, 1)
  const elsewhere = decide(ledger, other, about(visit, 'dismiss', stores[0]), LATER)
  await expect(elsewhere).rejects.toMatchObject({ detail: 'not-assigned' })
  expect((await hash())[0]).toEqual(before[0])
  // Nothing else lets it out either: not its repetition, nor the record that it lacked.
  const customer = tablet.seal({
    kind: 'customer',
    record_id: String(visit.payload['customer_id']),
    type: 'create',
    payload: { name: 'Li', home_store_id: stores[0] },
  })
  await tablet.push([visit, customer])
  expect(await quarantined(chain)).toEqual([['unknown-customer', 'open']])
  await decide(ledger, admin, about(visit, 'reapply', stores[0]), LATER)
  expect(await quarantined(chain)).toEqual([['unknown-customer', 'reapplied']])
  expect(await recounted(ledger)).toEqual([])
  await ledger.close()
})

onBothEngines('a manager cannot re-apply what a manager may not write', async (engine) => {
  const { chain, tablet } = await fresh(engine)
  const region = tablet.seal({
    kind: 'region',
    record_id: id(),
    type: 'create',
    payload: { name: 'X' },
    store_id: 'chain',
  })
  await tablet.push([region])
  const manager = await addManager(chain, 0)
  const decision = about(region, 'reapply', chain.stores[0])
  const refused = decide(chain.ledger, manager, decision, LATER)
  await expect(refused).rejects.toMatchObject({ detail: 'role' })
  const onTablet = tablet.seal({
    kind: 'decision',
    record_id: id(),
    type: 'create',
    payload: { subject: 'op', subject_id: region.op_id, verdict: 'dismiss', reason: 'x' },
  })
  expect((await tablet.push([onTablet])).results[0]).toMatchObject({ reason: 'not-supported' })
  await decide(chain.ledger, chain.admin, decision, LATER)
  expect(await quarantined(chain)).toContainEqual(['not-your-store', 'reapplied'])
  await chain.ledger.close()
})

onBothEngines('ops of one group are decided together, all or none', async (engine) => {
  const { chain, tablet } = await fresh(engine)
  const { ledger, admin, stores } = chain
  const [customer, tx, tag] = [id(), id(), id()]
  const home_store_id = stores[0]
  const ops = [
    tablet.seal({
      kind: 'customer',
      record_id: customer,
      type: 'create',
      tx,
      payload: { name: 'Li', home_store_id },
    }),
    tablet.seal({
      kind: 'tagging',
      record_id: customer,
      type: 'tag+',
      tx,
      payload: { tag_id: tag, source: 'staff', home_store_id },
    }),
  ] as const
  const { results } = await tablet.push([...ops])
  expect(results.map((one) => one.reason)).toEqual(['tx', 'unknown-tag'])
  const first = about(ops[0], 'reapply', stores[0])
  await expect(decide(ledger, admin, first, LATER)).rejects.toMatchObject({ detail: 'unknown-tag' })
  const payload = { group_id: chain.group, label: 'Late' }
  const draft = { store_id: 'chain', kind: 'tag', record_id: tag, type: 'create', payload } as const
  await writeDrafts(ledger, admin, [draft], LATER)
  await decide(ledger, admin, first, LATER)
  expect((await quarantined(chain)).map(([, state]) => state)).toEqual(['reapplied', 'reapplied'])
  const rows = await rowsOf(tablet)
  expect(rows.filter((row) => row.kind === 'decision')).toHaveLength(2)
  expect(rows.find((row) => row.kind === 'customer')?.body).toMatchObject({
    taggings: [{ tag_id: tag }],
  })
  await ledger.close()
})

onBothEngines('what an older server did not know is taken by a newer one', async (engine) => {
  const { chain, tablet } = await fresh(engine)
  const { ledger, t } = { ledger: chain.ledger, t: chain.ledger.t }
  const known = tablet.visit(null, null)
  const later = { kind: 'visit', record_id: id(), type: 'visit' } as const
  const payload = { customer_id: null, home_store_id: null, purpose: 'buy', mood: 'good' }
  const unknown = tablet.seal({ ...later, payload })
  const fromLater = { ...unknown, schema: SCHEMA + 1 }
  fromLater.hash = hashOp(fromLater, known.hash, nodePorts.sha256)
  const { results } = await tablet.push([known, fromLater])
  expect(results[1]).toMatchObject({ reason: 'unknown-field', detail: 'mood' })
  expect(await reapplyKnown(ledger, LATER)).toBe(0)
  expect(await quarantined(chain)).toEqual([['unknown-field', 'open']])
  // The same op as a version would have it that was refused by an older server.
  const { mood: _mood, ...plain } = payload
  const op = { ...fromLater, payload: plain }
  await ledger.tx((db) => db.update(t.quarantine).set({ op }))
  expect(await reapplyKnown(ledger, LATER)).toBe(1)
  expect(await quarantined(chain)).toEqual([['unknown-field', 'reapplied']])
  const decision = (await rowsOf(tablet)).find((row) => row.kind === 'decision')
  expect(decision?.body).toMatchObject({ by: tablet.actor, reason: 'This version knows it' })
  expect(await recounted(ledger)).toEqual([])
  await ledger.close()
})
