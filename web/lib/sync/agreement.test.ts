// What is at stake: tablets that end at different truths, after any order of work, faults and
// syncs. Random histories run against the real ledger; at rest every tablet must hold exactly the
// rows of its feed, with nothing on its way, and each fact of the clerks exactly once.
// The database must be there before anything that uses it is loaded.
import 'fake-indexeddb/auto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { must } from '#model/assert.ts'
import type { CustomerRow } from '#model/customer.ts'
import type { FeedRow } from '#model/protocol.ts'
import { PURPOSES, type Visit } from '#model/visit.ts'
import { pull } from '#sql/pull.ts'
import { rebuild } from '#sql/rebuild.ts'
import { chainCustomer } from '#sql/search.ts'
import { id, makeChain, MONDAY_10AM, openEmpty } from '#sql/test-ledger.ts'
import { entriesHere } from '#web/local/entries.ts'
import { getPast } from '#web/local/past.ts'
import { getCustomer, todayTally } from '#web/local/read.ts'
import { readStatus } from '#web/local/status.ts'
import { keepVisitor } from '#web/local/visitors.ts'
import {
  addTag,
  createCustomer,
  editVisit,
  logVisit,
  removeTag,
  setConsent,
  setCustomer,
  tally,
  voidVisit,
} from '#web/local/write.ts'
import { type Fault, openTablet, settleDown, type TestTablet, type World } from './test-tablet.ts'

const FAULTS = ['lost', 'unanswered', 'cut', 'twice', 'portal', 'down', null, null, null] as const

const STEPS = [
  'create',
  'create',
  'edit',
  'consent',
  'tag',
  'untag',
  'visit',
  'visit',
  'mend',
  'void',
  'tally',
  'fetch',
  'sync',
  'sync',
  'sync',
  'new-epochs',
] as const

interface Step {
  what: (typeof STEPS)[number]
  who: number
  pick: number
  faults: readonly (Fault | null)[]
}

const step: fc.Arbitrary<Step> = fc.record({
  what: fc.constantFrom(...STEPS),
  who: fc.nat(2),
  pick: fc.nat(1000),
  faults: fc.array(fc.constantFrom(...FAULTS), { minLength: 1, maxLength: 6 }),
})

/** What the clerks did, as they would tell it. */
interface Truth {
  customers: { id: string; home: string }[]
  visits: Map<string, { customer: string; isVoid: boolean }>
  tallies: Map<string, number>
  hasBegunAnew: boolean
}

function pickOf<T>(list: readonly T[], pick: number): T | undefined {
  return list[pick % Math.max(1, list.length)]
}

async function shownHere(tablet: TestTablet, truth: Truth): Promise<string[]> {
  const ids = truth.customers.map((customer) => customer.id)
  const shown = await Promise.all(ids.map((one) => getCustomer(tablet.local, one)))
  return ids.filter((_, index) => shown[index] !== null)
}

/** A write about a customer whom this tablet shows. */
async function writeAbout(tablet: TestTablet, customer: string, step: Step, truth: Truth) {
  const { local, actor, world } = tablet
  const tag = world.chain.tags[step.pick % 2 === 0 ? 0 : 1]
  if (step.what === 'edit')
    await setCustomer(local, actor, customer, { name: `Name ${step.pick}`, card: null })
  if (step.what === 'tag') await addTag(local, actor, customer, tag)
  if (step.what === 'untag') await removeTag(local, actor, customer, tag)
  if (step.what === 'consent') {
    const state = step.pick % 2 === 0 ? 'granted' : 'refused'
    const word = { purpose: 'marketing', channel: 'sms', state, proof: 'told us' } as const
    await setConsent(local, actor, customer, word)
  }
  if (step.what === 'visit') {
    const purpose = must(pickOf(PURPOSES, step.pick), 'a purpose')
    const visit = await logVisit(local, actor, customer, purpose)
    truth.visits.set(visit, { customer, isVoid: false })
  }
  const visit = pickOf((await getPast(local, customer)).visits, step.pick)
  if (!visit) return
  if (step.what === 'mend') await editVisit(local, actor, visit.id, { spend_minor: step.pick })
  if (step.what !== 'void') return
  await voidVisit(local, actor, visit.id)
  const known = must(truth.visits.get(visit.id), 'a logged visit')
  truth.visits.set(visit.id, { ...known, isVoid: true })
}

/** Fetches a customer of any store, as the whole chain's search would. */
async function fetchVisitor(tablet: TestTablet, { pick }: Step, truth: Truth): Promise<void> {
  const customer = pickOf(truth.customers, pick)
  const { ledger } = tablet.world.chain
  const reply = customer ? await chainCustomer(ledger, customer.home, customer.id) : null
  if (reply) await keepVisitor(tablet.local, reply)
}

async function newEpochs({ chain: { ledger } }: World): Promise<void> {
  const { feedHead, deviceState } = ledger.t
  await ledger.tx(async (db) => {
    await db.update(feedHead).set({ epoch: id() })
    await db.update(deviceState).set({ epoch: id() })
  })
}

async function take(tablets: readonly TestTablet[], step: Step, truth: Truth): Promise<void> {
  const tablet = must(tablets[step.who], 'a tablet')
  const { local, actor, world, session } = tablet
  world.now += 1 + (step.pick % 7) * 60_000
  if (step.what === 'sync') {
    let asked = 0
    tablet.faultOf = () => pickOf(step.faults, asked++) ?? null
    await tablet.engine.cycle()
  } else if (step.what === 'new-epochs') {
    await newEpochs(world)
    truth.hasBegunAnew = true
  } else if (step.what === 'fetch') await fetchVisitor(tablet, step, truth)
  else if (step.what === 'create') {
    const customer = await createCustomer(local, actor, { name: `Customer ${step.pick}` })
    truth.customers.push({ id: customer, home: session.book })
  } else if (step.what === 'tally') {
    await tally(local, actor, 1 + (step.pick % 9))
    const sum = truth.tallies.get(session.book) ?? 0
    truth.tallies.set(session.book, sum + 1 + (step.pick % 9))
  } else {
    const customer = pickOf(await shownHere(tablet, truth), step.pick)
    if (customer) await writeAbout(tablet, customer, step, truth)
  }
}

/** The whole feed of a tablet's store, as a device that has nothing would get it. */
async function feedOf({ world, session }: TestTablet): Promise<FeedRow[]> {
  const health = {
    app_version: 'test',
    schema: 1,
    client_now: world.now,
    max_n: 0,
    unsent: 0,
    oldest_unsent_at: null,
    persisted: null,
    usage_bytes: null,
    quota_bytes: null,
  }
  const feeds = { [session.book]: { cursor: 0, epoch: null } }
  const body = { device_id: session.device_id, health, feeds, limit: 2000 }
  const reply = await pull(world.chain.ledger, session, body, world.now)
  const rows = reply.feeds[session.book]?.rows ?? []
  return rows.filter((row) => row.state === 'put')
}

/** Safe because `feedOf` gives rows with the bodies of their kinds. */
function bodiesOf<T>(rows: readonly FeedRow[], kind: string): T[] {
  return rows.filter((row) => row.kind === kind).map((row) => row.body as T)
}

async function expectAgreement(tablet: TestTablet, truth: Truth): Promise<void> {
  const { local, session } = tablet
  const feed = await feedOf(tablet)
  const rows = bodiesOf<CustomerRow>(feed, 'customer')
  const visits = bodiesOf<Visit>(feed, 'visit').filter((visit) => !visit.void)
  expect(await readStatus(local)).toMatchObject({ waiting: 0, refused: 0, trouble: null })
  expect(await local.db.view.count()).toBe(0)
  for (const row of rows) {
    expect((await getCustomer(local, row.id))?.row).toEqual(row)
    const past = await getPast(local, row.id)
    const own = visits.filter((visit) => visit.customer_id === row.id)
    const ids = own.map((visit) => visit.id).sort()
    expect(past.visits.map((visit) => visit.id).sort()).toEqual(ids)
    for (const { unsent, ...visit } of past.visits) {
      expect(unsent).toBe(false)
      expect(own).toContainEqual(visit)
    }
  }
  const found: string[] = []
  await entriesHere(local).all((slice) => found.push(...slice.map(({ entry }) => entry.id)))
  const guests = await local.db.visiting.toCollection().primaryKeys()
  expect(found.sort()).toEqual([...rows.map((row) => row.id), ...guests].sort())
  // Parts hold no anonymous visits: a tablet that began anew knows those it pulled since.
  if (!truth.hasBegunAnew)
    expect(await todayTally(local)).toBe(truth.tallies.get(session.book) ?? 0)
}

async function runHistory(steps: readonly Step[]): Promise<void> {
  const world = { chain: await makeChain(await openEmpty('sqlite')), now: MONDAY_10AM }
  const tablets = [
    await openTablet(world, 0, -240_000),
    await openTablet(world, 0, 90_000),
    await openTablet(world, 2),
  ]
  await settleDown(tablets)
  const truth: Truth = {
    customers: [],
    visits: new Map(),
    tallies: new Map(),
    hasBegunAnew: false,
  }
  for (const one of steps) await take(tablets, one, truth)
  await settleDown([...tablets, ...tablets])
  for (const tablet of tablets) await expectAgreement(tablet, truth)
  const known = new Set<string>()
  for (const tablet of tablets)
    for (const visit of bodiesOf<Visit>(await feedOf(tablet), 'visit'))
      if (visit.customer_id !== null && !visit.void) known.add(visit.id)
  const standing = [...truth.visits].filter(([, { isVoid }]) => !isVoid).map(([one]) => one)
  expect([...known].sort()).toEqual(standing.sort())
  expect(await rebuild(world.chain.ledger, { write: false })).toEqual([])
  for (const tablet of tablets) tablet.local.close()
  await world.chain.ledger.close()
}

test('whatever happens on the way, tablets and server end at the same facts', async () => {
  const histories = fc.array(step, { minLength: 10, maxLength: 45 })
  await fc.assert(fc.asyncProperty(histories, runHistory), {
    numRuns: Number(process.env.RUNS ?? 12),
  })
}, 240_000)
