// What the desk writes is written once. At stake: a connection that ends while a commit is under
// way leaves nobody knowing whether it happened; who tries again must not enter it a second time.
import { DrizzleQueryError, sql } from 'drizzle-orm'
import { expect } from 'vitest'
import { decide } from './decide.ts'
import { revokeDevice } from './devices.ts'
import type { Ledger } from './ledger.ts'
import { enrolTablet, id, makeChain, MONDAY_10AM, onBothEngines, openEmpty } from './test-ledger.ts'
import { type TimedDraft, writeDrafts } from './write.ts'

/** What the database's library makes of a connection that ended while a commit was under way. */
function connectionLost(): Error {
  const said = new Error('Client has encountered a connection error and is not queryable')
  return new DrizzleQueryError('rollback', [], said)
}

/** The same ledger over a connection that ends after its next commit, before the answer is here. */
function losingAnswers(ledger: Ledger): Ledger {
  let isLost = false
  const tx: Ledger['tx'] = async (run) => {
    const result = await ledger.tx(run)
    if (isLost) return result
    isLost = true
    throw connectionLost()
  }
  return { ...ledger, tx }
}

/** The same ledger, whose server ends the connection at work, for real, before its next commit. */
function losingConnections(ledger: Ledger): Ledger {
  let isLost = false
  const tx: Ledger['tx'] = (run) =>
    ledger.tx(async (db) => {
      const result = await run(db)
      if (isLost) return result
      isLost = true
      const one = db
        .select({ pid: sql<number>`pg_backend_pid()` })
        .from(ledger.t.op)
        .limit(1)
      const [{ pid } = { pid: 0 }] = await one
      const ended = sql<boolean>`pg_terminate_backend(${pid})`
      expect(await ledger.db.select({ ended }).from(ledger.t.op).limit(1)).toEqual([
        { ended: true },
      ])
      return result
    })
  return { ...ledger, tx }
}

onBothEngines('what was committed without an answer is not written again', async (engine) => {
  const chain = await makeChain(await openEmpty(engine))
  const [store_id] = chain.stores
  const created: TimedDraft = {
    ...{ store_id, kind: 'customer', record_id: id(), type: 'create' },
    payload: { name: '张伟', home_store_id: store_id },
  }
  const unknown: TimedDraft = {
    ...{ store_id, kind: 'visit', record_id: id(), type: 'visit' },
    payload: { customer_id: id(), home_store_id: store_id, purpose: 'buy' },
  }
  const { op } = chain.ledger.t
  const before = await chain.ledger.db.$count(op)
  const results = await writeDrafts(
    losingAnswers(chain.ledger),
    chain.admin,
    [created, unknown],
    MONDAY_10AM,
  )
  // The answer is that of the first time.
  expect(results).toMatchObject([
    { status: 'applied' },
    { status: 'quarantined', reason: 'unknown-customer' },
  ])
  expect(await chain.ledger.db.$count(op)).toBe(before + 2)
  await chain.ledger.close()
})

onBothEngines('a draft under an id of its own is a repetition the second time', async (engine) => {
  const chain = await makeChain(await openEmpty(engine))
  const [store_id] = chain.stores
  const draft: TimedDraft = {
    ...{ store_id, kind: 'customer', record_id: id(), type: 'create', op_id: id() },
    payload: { name: '张伟', home_store_id: store_id },
  }
  const write = () => writeDrafts(chain.ledger, chain.admin, [draft], MONDAY_10AM)
  expect(await write()).toMatchObject([{ status: 'applied' }])
  expect(await write()).toMatchObject([{ status: 'dup', first: 'applied' }])
  await chain.ledger.close()
})

onBothEngines('a decision whose answer was lost is made once, and told', async (engine) => {
  const chain = await makeChain(await openEmpty(engine))
  const tablet = await enrolTablet(chain, 0)
  const [store_id] = chain.stores
  const refused = tablet.visit(id(), store_id, MONDAY_10AM)
  await tablet.push([refused])
  const made = { subject: 'op', subject_id: refused.op_id, verdict: 'dismiss' } as const
  const deciding = { ...made, reason: 'nobody knows who it was', store_id }
  const { op, quarantine } = chain.ledger.t
  const before = await chain.ledger.db.$count(op)
  const { decision_id } = await decide(
    losingAnswers(chain.ledger),
    chain.admin,
    deciding,
    MONDAY_10AM,
  )
  expect(await chain.ledger.db.$count(op)).toBe(before + 1)
  const [row] = await chain.ledger.db.select().from(quarantine)
  expect(row).toMatchObject({ state: 'dismissed', decision_id })
  await chain.ledger.close()
})

onBothEngines('a connection that ends at work costs a try and nothing else', async (engine) => {
  const chain = await makeChain(await openEmpty(engine))
  const [store_id] = chain.stores
  const ledger = engine === 'postgres' ? losingConnections(chain.ledger) : chain.ledger
  const draft: TimedDraft = {
    ...{ store_id, kind: 'customer', record_id: id(), type: 'create' },
    payload: { name: '张伟', home_store_id: store_id },
  }
  const { op, customer } = chain.ledger.t
  const before = await chain.ledger.db.$count(op)
  const results = await writeDrafts(ledger, chain.admin, [draft], MONDAY_10AM)
  expect(results).toMatchObject([{ status: 'applied', n: expect.any(Number) }])
  expect(await chain.ledger.db.$count(op)).toBe(before + 1)
  expect(await chain.ledger.db.$count(customer)).toBe(1)
  await chain.ledger.close()
})

onBothEngines('a tablet that was shut out without an answer is shut out once', async (engine) => {
  const chain = await makeChain(await openEmpty(engine))
  const { session } = await enrolTablet(chain, 0)
  const { deviceEvent } = chain.ledger.t
  await revokeDevice(losingAnswers(chain.ledger), chain.admin, session.device_id, MONDAY_10AM)
  const events = await chain.ledger.db.select().from(deviceEvent)
  expect(events.filter((event) => event.kind === 'revoked')).toHaveLength(1)
  await chain.ledger.close()
})
