// What is at stake: the same ops must make the same state on both engines, whatever their order
// across tablets, and what is kept by difference must equal a recount. Random tablets of three
// stores write at random; the recount and the hash are the judges.
import fc from 'fast-check'
import { expect, inject, test } from 'vitest'
import { replay } from './replay.ts'
import { rollUp } from './rollup.ts'
import { stateHash } from './state-hash.ts'
import {
  enrolTablet,
  id,
  makeChain,
  MONDAY_10AM,
  onBothEngines,
  openEmpty,
  recounted,
  type Tablet,
  type TestChain,
} from './test-ledger.ts'
import type { Op } from '#model/op.ts'

const DAY = 86_400_000
const RUNS = 12

interface Step {
  tablet: number
  customer: number
  what: 'visit' | 'tally' | 'tag' | 'untag' | 'void' | 'edit' | 'rename' | 'consent'
  daysAgo: number
  minute: number
}

const step: fc.Arbitrary<Step> = fc.record({
  tablet: fc.nat(2),
  customer: fc.nat(3),
  what: fc.constantFrom(
    'visit',
    'visit',
    'visit',
    'tally',
    'tag',
    'untag',
    'void',
    'edit',
    'rename',
    'consent',
  ),
  daysAgo: fc.nat(400),
  minute: fc.nat(120),
})

interface Cast {
  chain: TestChain
  tablets: Tablet[]
  customers: { id: string; home: string }[]
  visits: { id: string; tablet: number }[]
  dots: { customer: number; dot: string }[]
}

async function makeCast(chain: TestChain): Promise<Cast> {
  const tablets = []
  for (const index of [0, 1, 2] as const) tablets.push(await enrolTablet(chain, index))
  const customers = chain.stores.map((home) => ({ id: id(), home }))
  customers.push({ id: id(), home: chain.stores[0] })
  for (const [index, customer] of customers.entries()) {
    const tablet = tablets[index % 3]!
    await tablet.push([tablet.customer(customer.id, {}, MONDAY_10AM - 500 * DAY)])
  }
  return { chain, tablets, customers, visits: [], dots: [] }
}

function opOf(cast: Cast, { tablet: index, customer: who, what, daysAgo, minute }: Step): Op {
  const tablet = cast.tablets[index]!
  const customer = cast.customers[who]!
  const at = MONDAY_10AM - daysAgo * DAY + minute * 60_000
  const home_store_id = customer.home
  const about = (kind: string, type: Op['type'], payload: object) =>
    tablet.seal(
      { kind, record_id: customer.id, type: type as 'set', payload: { ...payload, home_store_id } },
      at,
    )
  if (what === 'tally') return tablet.visit(null, null, at, { count: 1 + (minute % 4) })
  if (what === 'tag') {
    const op = about('tagging', 'tag+', { tag_id: cast.chain.tags[minute % 2], source: 'staff' })
    cast.dots.push({ customer: who, dot: op.op_id })
    return op
  }
  if (what === 'untag') {
    const observed = cast.dots.filter((dot) => dot.customer === who).map((dot) => dot.dot)
    return about('tagging', 'tag-', { tag_id: cast.chain.tags[minute % 2], observed })
  }
  if (what === 'rename')
    return about('customer', 'set', { name: `王 ${minute}`, phone: '+8613800001111' })
  if (what === 'consent')
    return about('consent', 'set', {
      purpose: 'marketing',
      channel: 'any',
      state: minute % 2 ? 'granted' : 'refused',
    })
  const known = cast.visits.find((visit) => visit.tablet === index)
  if ((what === 'void' || what === 'edit') && known) {
    const payload = what === 'edit' ? { spend_minor: minute * 100 } : {}
    const type = what === 'edit' ? 'set' : 'void'
    return tablet.seal({ kind: 'visit', record_id: known.id, type, payload }, at)
  }
  const op = tablet.visit(customer.id, home_store_id, at, {
    spend_minor: minute % 3 ? minute : null,
  })
  cast.visits.unshift({ id: op.record_id, tablet: index })
  return op
}

onBothEngines('figures kept by difference equal a recount, whatever happened', async (engine) => {
  const ledger = await openEmpty(engine)
  const cast = await makeCast(await makeChain(ledger))
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 40 }), async (steps) => {
      const ops = cast.tablets.map((): Op[] => [])
      for (const one of steps) ops[one.tablet]?.push(opOf(cast, one))
      await Promise.all(cast.tablets.map((tablet, index) => tablet.push(ops[index] ?? [])))
      expect(await recounted(ledger)).toEqual([])
    }),
    { numRuns: RUNS, endOnFailure: true },
  )
  await ledger.close()
})

test('the ops of one ledger make the same state on the other engine', async (context) => {
  if (inject('postgresUrl') === '') context.skip('no PostgreSQL can be started here')
  const [from, to] = [await openEmpty('sqlite'), await openEmpty('postgres')]
  const cast = await makeCast(await makeChain(from))
  for (const steps of fc.sample(fc.array(step, { minLength: 20, maxLength: 60 }), {
    numRuns: 10,
    seed: 7,
  })) {
    const ops = cast.tablets.map((): Op[] => [])
    for (const one of steps) ops[one.tablet]?.push(opOf(cast, one))
    for (const [index, tablet] of cast.tablets.entries())
      await tablet.push(ops[index] ?? [], MONDAY_10AM + cast.visits.length)
  }
  while ((await rollUp(from)) > 0);
  expect(await replay(from, to)).toBeGreaterThan(200)
  while ((await rollUp(to)) > 0);
  expect(await stateHash(to)).toBe(await stateHash(from))
  expect(await recounted(to)).toEqual([])
  await Promise.all([from.close(), to.close()])
})
