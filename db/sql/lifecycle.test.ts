// What is at stake: customers move and are erased while tablets of three stores write about them,
// offline for a while, to homes that are long gone. Whatever happened in whatever order, a recount
// finds nothing, feeds hold what scope demands and both engines have the same state.
import fc from 'fast-check'
import { expect, inject, test } from 'vitest'
import { dayText } from '#model/calendar.ts'
import { canonicalJson } from '#model/canonical.ts'
import { homeOn, homeSpans } from '#model/homes.ts'
import type { Op } from '#model/op.ts'
import { freePeriod, monthOf, quarterOf, yearOf } from '#model/period.ts'
import { footingFaults, INFLOWS, OUTFLOWS } from '#model/statement.ts'
import type { Ledger } from './ledger.ts'
import { push } from './push.ts'
import { replay } from './replay.ts'
import { rollUp } from './rollup.ts'
import { stateHash } from './state-hash.ts'
import { statements } from './statement.ts'
import type { TableName } from './tables.ts'
import { scopeFaults } from './test-scope.ts'
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
import { verifyChains } from './verify.ts'
import { type TimedDraft, writeDrafts } from './write.ts'

const DAY = 86_400_000
const TODAY = Math.floor(MONDAY_10AM / DAY)
const HEALTH = {
  ...{ app_version: 'test', schema: 2, client_now: 0, max_n: 0, unsent: 0 },
  ...{ oldest_unsent_at: null, persisted: null, usage_bytes: null, quota_bytes: null },
}

const WHATS = ['visit', 'visit', 'visit', 'tag', 'untag', 'void', 'note', 'rename'] as const

interface Step {
  what: (typeof WHATS)[number] | 'send' | 'move' | 'erase'
  tablet: number
  customer: number
  daysAgo: number
  /** Any number: which tag, which of the homes so far is named, where a move goes. */
  choice: number
}

function steps(whats: readonly Step['what'][], maxLength: number): fc.Arbitrary<Step[]> {
  const one = fc.record({
    what: fc.constantFrom(...whats),
    tablet: fc.nat(2),
    customer: fc.nat(3),
    daysAgo: fc.nat(200),
    choice: fc.nat(5),
  })
  return fc.array(one, { minLength: 5, maxLength })
}

const EVERYTHING = [...WHATS, 'send', 'send', 'move', 'move', 'erase'] as const

interface Person {
  id: string
  homes: string[]
  visits: { id: string; tablet: number }[]
  dots: string[]
}

/** The same happenings on one ledger or on several: what one is told, all are told. */
class Scene {
  readonly ledgers: Ledger[]
  readonly chain: TestChain
  readonly tablets: Tablet[]
  readonly people: Person[] = []
  readonly waiting: Op[][] = [[], [], []]
  /** Each push has a time of its own, by which a replay finds the order again. */
  now = MONDAY_10AM

  constructor(ledgers: Ledger[], chain: TestChain, tablets: Tablet[]) {
    this.ledgers = ledgers
    this.chain = chain
    this.tablets = tablets
  }

  async tell(tablet: number, ops: Op[]): Promise<void> {
    const { session } = this.tablets[tablet]!
    const body = { device_id: session.device_id, epoch: null, health: HEALTH, ops }
    this.now += 1
    for (const ledger of this.ledgers) await push(ledger, session, body, this.now)
  }

  async order(draft: TimedDraft): Promise<boolean> {
    const known = { ...draft, op_id: id() }
    const results = []
    this.now += 1
    for (const ledger of this.ledgers)
      results.push(...(await writeDrafts(ledger, this.chain.admin, [known], this.now)))
    return results.every((result) => result.status === 'applied')
  }

  async send(tablet: number): Promise<void> {
    const ops = this.waiting[tablet]?.splice(0) ?? []
    if (ops.length > 0) await this.tell(tablet, ops)
  }

  /** Four new customers, one of each store and one more of the first. */
  async meet(): Promise<void> {
    this.people.length = 0
    for (const index of [0, 1, 2, 0]) {
      const tablet = this.tablets[index]!
      const person = { id: id(), homes: [tablet.session.book], visits: [], dots: [] }
      const typed = { name: `N${person.id}`, note: `note of N${person.id}` }
      this.people.push(person)
      await this.tell(index, [tablet.customer(person.id, typed, MONDAY_10AM - 300 * DAY)])
    }
  }

  write(step: Step): Op {
    const { what, choice } = step
    const tablet = this.tablets[step.tablet]!
    const person = this.people[step.customer]!
    const at = MONDAY_10AM - step.daysAgo * DAY + choice * 20 * 60_000 - 7_200_000
    const home_store_id = person.homes[choice % person.homes.length]!
    const about = (kind: string, type: string, payload: object, record_id = person.id) =>
      tablet.seal({ kind, type: type as 'set', record_id, payload: { ...payload } }, at)
    const visit = person.visits.find((one) => one.tablet === step.tablet)
    const tag_id = this.chain.tags[choice % 2]
    if (what === 'tag') {
      const op = about('tagging', 'tag+', { tag_id, source: 'staff', home_store_id })
      person.dots.push(op.op_id)
      return op
    }
    if (what === 'untag')
      return about('tagging', 'tag-', { tag_id, observed: [...person.dots], home_store_id })
    if (what === 'rename')
      return about('customer', 'set', { name: `N${person.id} ${choice}`, home_store_id })
    if (what === 'void' && visit) return about('visit', 'void', {}, visit.id)
    if (what === 'note' && visit)
      return about('visit', 'set', { note: `on N${person.id}`, spend_minor: choice }, visit.id)
    const op = tablet.visit(person.id, home_store_id, at, { note: `with N${person.id}` })
    person.visits.unshift({ id: op.record_id, tablet: step.tablet })
    return op
  }

  moveDraft({ customer, daysAgo, choice }: Step): TimedDraft {
    const person = this.people[customer]!
    const home_store_id = person.homes[choice % person.homes.length]!
    const to_store_id = this.chain.stores[choice % 3]!
    const at = MONDAY_10AM - (daysAgo % 20) * DAY
    const payload = { home_store_id, to_store_id }
    const op = { kind: 'transfer', type: 'set', record_id: person.id, payload } as const
    return { ...op, store_id: home_store_id, at }
  }

  async do(step: Step): Promise<void> {
    const person = this.people[step.customer]!
    if (step.what === 'send') return this.send(step.tablet)
    if (step.what === 'move') {
      const draft = this.moveDraft(step)
      if (await this.order(draft)) person.homes.push(String(draft.payload['to_store_id']))
      return
    }
    if (step.what === 'erase') {
      const home_store_id = person.homes[step.choice % person.homes.length]!
      const payload = { home_store_id, cause: 'request' }
      const op = { kind: 'customer', type: 'erase', record_id: person.id, payload } as const
      await this.order({ ...op, store_id: home_store_id })
      return
    }
    this.waiting[step.tablet]?.push(this.write(step))
  }

  async end(): Promise<void> {
    for (const tablet of [2, 0, 1]) await this.send(tablet)
    for (const ledger of this.ledgers) while ((await rollUp(ledger)) > 0);
  }
}

/** A chain with three tablets on the first ledger, and its copy on the others. */
async function makeScene(ledgers: Ledger[]): Promise<Scene> {
  const [first, ...others] = ledgers
  const chain = await makeChain(first!)
  const tablets = []
  for (const index of [0, 1, 2] as const) tablets.push(await enrolTablet(chain, index))
  // A copy of a ledger knows the devices that wrote something.
  for (const tablet of tablets) await tablet.push([tablet.visit(null, null)])
  for (const other of others) await replay(first!, other)
  return new Scene(ledgers, chain, tablets)
}

async function read(ledger: Ledger, names: readonly TableName[]): Promise<string[]> {
  const found = []
  for (const name of names)
    for (const row of await ledger.db.select().from(ledger.t[name]))
      if (!('value' in row) || row.value !== 0) found.push(`${name} ${canonicalJson(row)}`)
  return found.sort()
}

/** Active customers per store and day, counted from the visits by the definition alone. */
async function countActive(ledger: Ledger): Promise<Map<string, number>> {
  const people = await ledger.db.select().from(ledger.t.customer)
  const visits = await ledger.db.select().from(ledger.t.visit)
  const counted = new Map<string, number>()
  for (const { id: person, store_id, homes, erased_on } of people) {
    const spans = homeSpans({ home_store_id: store_id, homes })
    const theirs = visits.filter((visit) => visit.customer_id === person && !visit.void)
    for (let day = TODAY - 210; day < TODAY + 100; day += 1) {
      if (erased_on !== null && day >= erased_on) break
      if (!theirs.some((visit) => visit.day <= day && day < visit.day + 90)) continue
      const key = `${homeOn(spans, day).store_id} ${day}`
      counted.set(key, (counted.get(key) ?? 0) + 1)
    }
  }
  return counted
}

async function keptActive(ledger: Ledger, stores: readonly string[]): Promise<Map<string, number>> {
  const rows = await ledger.db.select().from(ledger.t.metricDay)
  const kept = new Map<string, number>()
  for (const store of stores) {
    let level = 0
    const changes = rows.filter(
      (row) => row.store_id === store && row.scope === 'home' && row.metric === 'active',
    )
    const byDay = new Map(changes.map((row) => [row.day, row.value]))
    for (let day = TODAY - 400; day < TODAY + 100; day += 1) {
      level += byDay.get(day) ?? 0
      if (level !== 0) kept.set(`${store} ${day}`, level)
    }
  }
  return kept
}

/** Months from the one to the other, of dates as text. */
function monthsBetween(from: string, to: string): number {
  const number = (date: string) => 12 * Number(date.slice(0, 4)) + Number(date.slice(5, 7))
  return number(to) - number(from)
}

/** Cohorts and second visits, counted from the visits by their definitions alone. */
async function countReturns(ledger: Ledger): Promise<Map<string, number>> {
  const people = await ledger.db.select().from(ledger.t.customer)
  const visits = await ledger.db.select().from(ledger.t.visit)
  const counted = new Map<string, number>()
  const count = (key: string) => counted.set(key, (counted.get(key) ?? 0) + 1)
  for (const { id: person, store_id, homes, erased_on } of people) {
    const theirs = visits
      .filter((visit) => visit.customer_id === person && !visit.void)
      .sort((a, b) => a.day - b.day || a.at - b.at || (a.store_id < b.store_id ? -1 : 1))
    const [first] = theirs
    if (!first) continue
    for (const month of new Set(theirs.map((visit) => `${dayText(visit.day).slice(0, 7)}-01`))) {
      const k = monthsBetween(dayText(first.day), month)
      count(`${first.store_id} ${month} cohort_acquired:${k}`)
      count(`${store_id} ${month} cohort_homed:${k}`)
    }
    count(`${store_id} ${dayText(theirs.at(-1)?.day ?? 0)} last_seen`)
    const day = first.day + 60
    if (erased_on !== null && erased_on <= day) continue
    const home = homeOn(homeSpans({ home_store_id: store_id, homes }), day).store_id
    count(`${home} ${dayText(day)} new60`)
    if (theirs.some((visit) => visit.day > first.day && visit.day <= day))
      count(`${home} ${dayText(day)} second60`)
  }
  return counted
}

async function keptReturns(ledger: Ledger): Promise<Map<string, number>> {
  const rows = await ledger.db.select().from(ledger.t.metricDay)
  const ours = rows.filter(
    (row) => row.value !== 0 && /^(cohort_|new60$|second60$|last_seen$)/.test(row.metric),
  )
  return new Map(
    ours.map((row) => [`${row.store_id} ${dayText(row.day)} ${row.metric}`, row.value]),
  )
}

function sortedEntries(map: Map<string, number>): [string, number][] {
  return [...map].sort(([a], [b]) => (a < b ? -1 : 1))
}

/** Personal text of erased people that is still somewhere; the stores of it are what to look at. */
async function remembered(scene: Scene, ledger: Ledger): Promise<string[]> {
  const erased = await ledger.db.select().from(ledger.t.customerForward)
  const gone = erased.filter((row) => row.state === 'erased').map((row) => row.customer_id)
  const texts = await read(ledger, ['op', 'quarantine', 'customer', 'visit', 'feedRow'])
  return scene.people
    .filter((person) => gone.includes(person.id))
    .flatMap((person) => texts.filter((text) => text.includes(`N${person.id}`)))
}

const LATER = TODAY + 100

/** Every statement foots and crosses, and what months say adds up to their quarter. */
async function expectFooting(ledger: Ledger): Promise<void> {
  const quarter = quarterOf(TODAY - 60)
  const [first, second] = [monthOf(quarter.from), monthOf(monthOf(quarter.from).to)]
  const months = [first, second, monthOf(second.to)]
  const periods = [yearOf(TODAY - 100), quarter, ...months, monthOf(TODAY + 60)]
  const days = [TODAY - 77, TODAY - 20, TODAY, TODAY + 40].map((day) => freePeriod(day, day))
  for (const period of [...periods, ...days, freePeriod(TODAY - 137, TODAY - 12)])
    expect(footingFaults(await statements(ledger, period, LATER))).toEqual([])
  const whole = await statements(ledger, quarter, LATER)
  const parts = await Promise.all(months.map((month) => statements(ledger, month, LATER)))
  for (const [at, one] of whole.entries())
    for (const line of [...INFLOWS, ...OUTFLOWS]) {
      const sum = parts.reduce((total, part) => total + (part[at]?.customers[line] ?? 0), 0)
      expect(`${one.scope} ${line} ${sum}`).toBe(`${one.scope} ${line} ${one.customers[line]}`)
    }
}

async function expectSound(scene: Scene, ledger: Ledger): Promise<void> {
  expect(await recounted(ledger)).toEqual([])
  await expectFooting(ledger)
  expect(await scopeFaults(ledger)).toEqual([])
  expect(await remembered(scene, ledger)).toEqual([])
  expect(sortedEntries(await keptActive(ledger, scene.chain.stores))).toEqual(
    sortedEntries(await countActive(ledger)),
  )
  expect(sortedEntries(await keptReturns(ledger))).toEqual(
    sortedEntries(await countReturns(ledger)),
  )
}

onBothEngines(
  'whatever happens to customers, a recount agrees and feeds hold what they should',
  async (engine) => {
    const ledger = await openEmpty(engine)
    const scene = await makeScene([ledger])
    await fc.assert(
      fc.asyncProperty(steps(EVERYTHING, 40), async (happenings) => {
        await scene.meet()
        for (const step of happenings) await scene.do(step)
        await scene.end()
        await expectSound(scene, ledger)
      }),
      { numRuns: 8, endOnFailure: true },
    )
    const broken: unknown[] = []
    await verifyChains(ledger, (one) => broken.push(one))
    expect(broken).toEqual([])
    await ledger.close()
  },
  180_000,
)

test('the same happenings make the same state on both engines', async (context) => {
  if (inject('postgresUrl') === '') context.skip('no PostgreSQL can be started here')
  const ledgers = [await openEmpty('sqlite'), await openEmpty('postgres')] as const
  const scene = await makeScene([...ledgers])
  for (const happenings of fc.sample(steps(EVERYTHING, 60), { numRuns: 4, seed: 11 })) {
    await scene.meet()
    for (const step of happenings) await scene.do(step)
    await scene.end()
    expect(await stateHash(ledgers[1])).toBe(await stateHash(ledgers[0]))
  }
  const states = await read(ledgers[0], ['customerForward'])
  expect(states.some((row) => row.includes('erased'))).toBe(true)
  expect(states.some((row) => row.includes('moved'))).toBe(true)
  const copy = await openEmpty('sqlite')
  await replay(ledgers[0], copy)
  while ((await rollUp(copy)) > 0);
  expect(await stateHash(copy)).toBe(await stateHash(ledgers[0])) // Though ops say less by now.
  await Promise.all([...ledgers, copy].map((ledger) => ledger.close()))
}, 180_000)

/** What the order of arrival must not change: everything but who holds a copy. */
const LASTING = [
  ...(['customer', 'tagging', 'visit', 'history', 'phoneDirectory'] as const),
  ...(['customerForward', 'metricDay', 'metricMonth'] as const),
]

test('facts and moves may arrive in any order, the figures are the same', async () => {
  const ledgers = [await openEmpty('sqlite'), await openEmpty('sqlite')] as const
  const scene = await makeScene([...ledgers])
  const whats = [...WHATS.filter((what) => what !== 'untag'), 'move', 'move'] as const
  const told = fc.tuple(steps(whats, 30), fc.array(fc.nat(3), { maxLength: 60 }))
  await fc.assert(
    fc.asyncProperty(told, async ([happenings, turns]) => {
      await scene.meet()
      const queues: (() => [Op | null, TimedDraft | null])[][] = [[], [], [], []]
      for (const step of happenings) {
        const isMove = step.what === 'move'
        const draft = isMove ? { ...scene.moveDraft(step), op_id: id() } : null
        const op = isMove ? null : scene.write(step)
        queues[isMove ? 3 : step.tablet]?.push(() => [op, draft])
      }
      for (const [index, ledger] of ledgers.entries()) {
        const left = queues.map((queue) => [...queue])
        const order = index === 0 ? [0, 1, 2, 3] : turns
        for (const turn of [
          ...order,
          ...order,
          ...[3, 2, 1, 0].flatMap((q) => Array<number>(40).fill(q)),
        ]) {
          const next = left[turn]?.shift()
          if (!next) continue
          const [op, draft] = next()
          const { session } = scene.tablets[turn % 3]!
          const body = { device_id: session.device_id, epoch: null, health: HEALTH }
          if (op) await push(ledger, session, { ...body, ops: [op] }, MONDAY_10AM)
          if (draft) await writeDrafts(ledger, scene.chain.admin, [draft], MONDAY_10AM)
        }
      }
      expect(await read(ledgers[1], LASTING)).toEqual(await read(ledgers[0], LASTING))
      for (const ledger of ledgers) await expectSound(scene, ledger)
    }),
    { numRuns: 6, endOnFailure: true },
  )
  await Promise.all(ledgers.map((ledger) => ledger.close()))
}, 180_000)
