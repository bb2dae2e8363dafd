// What is at stake: a person who asked to be forgotten is found again: in a table, in a page that
// the database freed, in a packed part, in an op that a tablet sends a month later. The tests look
// through every column of every table, the bytes of the file and every part.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { eq } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { type Draft, sealOp } from '#model/op.ts'
import { splitPart } from '#model/part.ts'
import { addFigure, figureKey, type Figures } from '#model/figures.ts'
import type { Ledger } from './ledger.ts'
import { openLedger } from './open-ledger.ts'
import { nodePorts } from './ports.ts'
import { listErased } from './erase.ts'
import { push } from './push.ts'
import { replay } from './replay.ts'
import { carryOver } from './since-backup.ts'
import { rollUp } from './rollup.ts'
import { searchChain } from './search.ts'
import { manifest } from './snapshot.ts'
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
import { writeDrafts } from './write.ts'

const DAY = 86_400_000
const TODAY = Math.floor(MONDAY_10AM / DAY)

/** Everything that a clerk could type of a person, and what the ledger makes of it. */
const PERSON = {
  name: '欧阳丽娜',
  phone: '+8613857123456',
  phone_alt: '+8613998765432',
  card: 'VIP-7731-0042',
  email: 'lina.ouyang@example.cn',
  birthday: '07-23',
  note: '对坚果过敏，喜欢茉莉',
  tier: 'jade-circle',
  attributes: { shoe: 'size-thirtyseven' },
}
const TRACES = [
  '欧阳丽娜',
  'ouyanglina',
  'oyln',
  '13857123456',
  '13998765432',
  'VIP-7731-0042',
  'vip-7731-0042',
  'lina.ouyang',
  '对坚果过敏',
  'jade-circle',
  'size-thirtyseven',
  '要一双红鞋',
  '等女儿放学',
  'R-2026-777',
  '欧阳小姐',
  ...['8613857123456', '8613998765432'].map(nodePorts.sha256),
]

interface Cast {
  chain: TestChain
  tablets: [Tablet, Tablet, Tablet]
  customer: string
  visit: string
}

async function makeCast(ledger: Ledger): Promise<Cast> {
  const chain = await makeChain(ledger)
  const tablets: Cast['tablets'] = [
    await enrolTablet(chain, 0),
    await enrolTablet(chain, 1),
    await enrolTablet(chain, 2),
  ]
  return { chain, tablets, customer: id(), visit: id() }
}

function about(tablet: Tablet, kind: string, type: string, record_id: string, payload: object) {
  return tablet.seal({ kind, type: type as 'set', record_id, payload: { ...payload } })
}

/** A life in three stores: fields set twice, tags, consent, visits, a move, a refused op. */
async function live({ chain, tablets: [a, b, c], customer, visit }: Cast): Promise<void> {
  const [home, next] = chain.stores
  const created = a.customer(customer, { ...PERSON, name: '欧阳小姐' }, MONDAY_10AM - 50 * DAY)
  const logged = a.visit(customer, home, MONDAY_10AM - 40 * DAY, {
    need: '要一双红鞋',
    note: '等女儿放学',
    receipt: 'R-2026-777',
    spend_minor: 12_300,
  })
  const own = { home_store_id: home }
  const replies = [
    await a.push([
      created,
      logged,
      about(a, 'customer', 'set', customer, { name: PERSON.name, ...own }),
      about(a, 'tagging', 'tag+', customer, { tag_id: chain.tags[0], source: 'staff', ...own }),
      about(a, 'consent', 'set', customer, {
        purpose: 'marketing',
        channel: 'any',
        state: 'refused',
        ...own,
      }),
      about(a, 'visit', 'set', logged.record_id, { note: '等女儿放学' }),
    ]),
    await c.push([c.visit(customer, home, MONDAY_10AM - 3 * DAY, { note: '等女儿放学' })]),
  ]
  const to = { home_store_id: home, to_store_id: next }
  const move = { kind: 'transfer', record_id: customer, type: 'set', payload: to } as const
  replies.push({
    ...replies[0]!,
    results: await writeDrafts(
      chain.ledger,
      chain.admin,
      [{ ...move, store_id: home }],
      MONDAY_10AM - DAY,
    ),
  })
  expect(replies.flatMap((reply) => reply.results.map((result) => result.status))).toEqual(
    Array(8).fill('applied'),
  )
  await b.push([
    b.visit(customer, next, MONDAY_10AM, { note: '等女儿放学' }),
    { ...about(b, 'customer', 'set', customer, { note: PERSON.note, ...own }), ts_wall: 5 },
    about(b, 'visit', 'visit', visit, { customer_id: customer, note: '等女儿放学' }),
  ])
  for (const store of chain.stores) await manifest(chain.ledger, store)
  while ((await rollUp(chain.ledger)) > 0);
}

function erase({ chain, customer }: Cast, home = chain.stores[0]) {
  const payload = { home_store_id: home, cause: 'request' }
  const draft = { kind: 'customer', record_id: customer, type: 'erase', payload } as const
  return writeDrafts(chain.ledger, chain.admin, [{ ...draft, store_id: home }], MONDAY_10AM)
}

/** All that stands in the ledger's tables, packed parts unpacked. */
async function everything(ledger: Ledger): Promise<Map<string, string>> {
  const found = new Map<string, string>()
  for (const [name, table] of Object.entries(ledger.t)) {
    const rows: Record<string, unknown>[] = await ledger.db.select().from(table)
    const texts = rows.map((row) =>
      Object.values(row).map((value) => (Buffer.isBuffer(value) ? unpack(value) : plain(value))),
    )
    found.set(name, texts.flat().join('\n'))
  }
  return found
}

function plain(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function unpack(data: Buffer): string {
  const { customers, past } = splitPart(data)
  return gunzipSync(customers).toString() + gunzipSync(past).toString()
}

async function tracesIn(ledger: Ledger): Promise<string[]> {
  const tables = [...(await everything(ledger))]
  return TRACES.flatMap((trace) =>
    tables.filter(([, text]) => text.includes(trace)).map(([name]) => `${name}: ${trace}`),
  )
}

async function figuresBefore(ledger: Ledger, day: number): Promise<Figures> {
  const figures: Figures = new Map()
  for (const table of ['metricDay', 'metricMonth'] as const)
    for (const row of await ledger.db.select().from(ledger.t[table]))
      if (row.day < day)
        addFigure(
          figures,
          figureKey(
            table === 'metricDay' ? 'd' : 'm',
            `${row.store_id}/${row.scope}`,
            row.day,
            row.metric,
          ),
          row.value,
        )
  return new Map([...figures].sort(([x], [y]) => (x < y ? -1 : 1)))
}

onBothEngines('an erased person is nowhere in the ledger', async (engine) => {
  const ledger = await openEmpty(engine)
  const cast = await makeCast(ledger)
  await live(cast)
  const before = await tracesIn(ledger)
  for (const trace of TRACES)
    expect(
      before.some((found) => found.endsWith(trace)),
      trace,
    ).toBe(true)
  expect(before.some((found) => found.startsWith('part: '))).toBe(true)
  expect((await erase(cast))[0]?.status).toBe('applied')
  expect(await tracesIn(ledger)).toEqual([])
  for (const store of cast.chain.stores) await manifest(ledger, store)
  expect(await tracesIn(ledger)).toEqual([])
  expect((await searchChain(ledger, '13857123456')).customers).toEqual([])
  await ledger.close()
})

onBothEngines('an erasure changes no figure of the days before it', async (engine) => {
  const ledger = await openEmpty(engine)
  const cast = await makeCast(ledger)
  await live(cast)
  const before = await figuresBefore(ledger, TODAY)
  expect(before.size).toBeGreaterThan(10)
  await erase(cast)
  expect(await figuresBefore(ledger, TODAY)).toEqual(before)
  expect(await recounted(ledger)).toEqual([])
  const [home] = cast.chain.stores.slice(1)
  const rows = await ledger.db.select().from(ledger.t.metricDay)
  const levelOf = (metric: string) =>
    rows
      .filter((row) => row.scope === 'home' && row.metric === metric && row.value !== 0)
      .reduce((sum, row) => sum + row.value, 0)
  expect([levelOf('active'), levelOf('new'), levelOf('erased'), levelOf('lost')]).toEqual([
    0, 1, 1, 0,
  ])
  expect(rows.find((row) => row.metric === 'erased')?.store_id).toBe(home)
  await ledger.close()
})

onBothEngines('every copy of an erased person ends as gone', async (engine) => {
  const ledger = await openEmpty(engine)
  const cast = await makeCast(ledger)
  await live(cast)
  await erase(cast)
  const rows = await ledger.db.select().from(ledger.t.feedRow)
  const theirs = rows.filter((row) => !['chain'].includes(row.store_id))
  const states = theirs.map((row) => [row.kind, row.state, row.body])
  expect(new Set(states.map(([, state]) => state))).toEqual(new Set(['gone']))
  const holders = theirs.filter((row) => row.id === cast.customer).map((row) => row.store_id)
  expect(holders.sort()).toEqual([...cast.chain.stores].sort())
  await ledger.close()
})

onBothEngines('late ops about an erased person are refused and keep nothing', async (engine) => {
  const ledger = await openEmpty(engine)
  const cast = await makeCast(ledger)
  const { chain, tablets, customer } = cast
  const [a, b] = tablets
  await live(cast)
  await erase(cast)
  const own = { home_store_id: chain.stores[0] }
  const again = a.visit(customer, chain.stores[0], MONDAY_10AM, { note: '等女儿放学' })
  const late = [
    about(a, 'customer', 'set', customer, { name: PERSON.name, ...own }),
    again,
    about(a, 'visit', 'set', again.record_id, { note: '等女儿放学' }),
    about(a, 'customer', 'create', customer, { ...PERSON, ...own }),
    about(a, 'customer', 'set', customer, { note: PERSON.note }),
    { ...about(a, 'customer', 'set', customer, { name: PERSON.name, ...own }), ts_wall: 3 },
    about(a, 'unheard', 'create', id(), { customer_id: customer, name: PERSON.name, ...own }),
    about(a, 'transfer', 'set', customer, { ...own, to_store_id: chain.stores[2] }),
  ]
  const { results } = await a.push(late)
  expect(results.map((result) => result.reason)).toEqual(Array(8).fill('erased'))
  const [next] = (await a.push([about(a, 'visit', 'set', again.record_id, { note: '等女儿放学' })]))
    .results
  expect(next?.reason).toBe('erased')
  const wrong = { home_store_id: chain.stores[2], name: PERSON.name }
  const elsewhere = await b.push([about(b, 'customer', 'set', customer, wrong)])
  expect(elsewhere.results.map((result) => result.reason)).toEqual(['erased'])
  expect((await erase(cast)).map((result) => result.reason)).toEqual(['erased'])
  expect(await tracesIn(ledger)).toEqual([])
  expect(await recounted(ledger)).toEqual([])
  await ledger.close()
})

onBothEngines('ops in the same push as the erasure are forgotten, too', async (engine) => {
  const ledger = await openEmpty(engine)
  const cast = await makeCast(ledger)
  const { chain, customer } = cast
  const [home] = chain.stores
  const draft = (kind: string, type: string, record_id: string, payload: object) => ({
    ...{ kind, type: type as 'set', record_id, store_id: home },
    payload: { home_store_id: home, ...payload },
  })
  const visit = { customer_id: customer, purpose: 'buy', note: '等女儿放学' }
  const results = await writeDrafts(
    ledger,
    chain.admin,
    [
      draft('customer', 'create', customer, PERSON),
      draft('visit', 'visit', id(), visit),
      draft('customer', 'erase', customer, { cause: 'request' }),
      draft('visit', 'visit', id(), visit),
      draft('customer', 'set', customer, { name: PERSON.name }),
    ],
    MONDAY_10AM,
  )
  expect(results.map((result) => result.reason ?? result.status)).toEqual([
    'applied',
    'applied',
    'applied',
    'erased',
    'erased',
  ])
  expect(await tracesIn(ledger)).toEqual([])
  expect(await recounted(ledger)).toEqual([])
  await ledger.close()
})

onBothEngines('chains of hashes hold, and repetitions are answered as before', async (engine) => {
  const ledger = await openEmpty(engine)
  const cast = await makeCast(ledger)
  const [a] = cast.tablets
  const ops = [a.customer(cast.customer, PERSON), a.visit(cast.customer, cast.chain.stores[0])]
  await a.push(ops)
  await erase(cast)
  await a.push([about(a, 'customer', 'set', cast.customer, { name: PERSON.name })])
  const { results } = await a.push(ops)
  expect(results.map(({ status, first }) => [status, first])).toEqual([
    ['dup', 'applied'],
    ['dup', 'applied'],
  ])
  const twin = await enrolTablet(cast.chain, 0) // A renewed device seals its ops again.
  const { op_id, store_id, record_id, payload, actor_id, ts_wall } = ops[0]!
  const again = sealOp(
    { store_id, record_id, payload, kind: 'customer', type: 'create' },
    twin.head,
    { op_id, actor_id, unlock_id: null, base_seq: 0, ts_wall, offset_ms: 0, ts_mono: 0 },
    nodePorts.sha256,
  )
  const renewed = await twin.push([again])
  expect(renewed.results[0]?.status).toBe('dup')
  expect(await tracesIn(ledger)).toEqual([])
  const broken: unknown[] = []
  await verifyChains(ledger, (one) => broken.push(one))
  expect(broken).toEqual([])
  const [row] = await ledger.db.select().from(ledger.t.op).where(eq(ledger.t.op.op_id, op_id))
  await ledger.tx((db) =>
    db
      .update(ledger.t.op)
      .set({ op: { ...row!.op, store_id: cast.chain.stores[1] } })
      .where(eq(ledger.t.op.op_id, op_id)),
  )
  await verifyChains(ledger, (one) => broken.push(one))
  expect(broken.length).toBeGreaterThan(0)
  await ledger.close()
})

test('no byte of an erased person is left in the files of SQLite', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'regulars-erase-'))
  const ledger = await openLedger(join(folder, 'ledger.sqlite'), nodePorts)
  const cast = await makeCast(ledger)
  await live(cast)
  const bytesWith = () =>
    TRACES.filter((trace) =>
      readdirSync(folder).some((file) => readFileSync(join(folder, file)).includes(trace)),
    )
  expect(bytesWith().length).toBeGreaterThan(TRACES.length - 3) // Parts are packed.
  await erase(cast)
  expect(bytesWith()).toEqual([]) // The log is empty, too.
  expect(await ledger.scrub()).toBe(true)
  await ledger.close()
  expect(bytesWith()).toEqual([])
  rmSync(folder, { recursive: true })
})

onBothEngines('a restored backup does not bring an erased person back', async (engine) => {
  const [present, backup] = [await openEmpty(engine), await openEmpty(engine)]
  const cast = await makeCast(present)
  const [a] = cast.tablets
  const early = id()
  await a.push([a.customer(early, PERSON)])
  await replay(present, backup)
  const created = a.customer(cast.customer, PERSON)
  await a.push([created])
  await erase(cast)
  await erase({ ...cast, customer: early })
  const erased = await listErased(present)
  const revoked: string[] = []
  const since = await carryOver(
    backup,
    { heads: [], emptied: new Map(), revoked, erased },
    MONDAY_10AM,
  )
  expect([since.erasedAgain, since.notErased]).toEqual([1, []])
  const { device_id } = a.session
  const body = { device_id, epoch: null, health: a.health(), ops: [created] }
  const reply = await push(backup, a.session, body, MONDAY_10AM)
  expect(reply.results[0]?.reason).toBe('erased')
  expect(await tracesIn(backup)).toEqual([])
  expect(await recounted(backup)).toEqual([])
  await Promise.all([present.close(), backup.close()])
})

onBothEngines('nor one whose records were made one and moved before the backup', async (engine) => {
  const [present, backup] = [await openEmpty(engine), await openEmpty(engine)]
  const cast = await makeCast(present)
  const { chain, tablets, customer } = cast
  const [home, next, last] = chain.stores
  const part = id()
  await tablets[0].push([tablets[0].customer(customer, PERSON)])
  await tablets[1].push([tablets[1].customer(part, PERSON)])
  const own = { kind: 'customer', record_id: part, store_id: next }
  const into = { home_store_id: next, into_id: customer, into_home_store_id: home }
  const way = { home_store_id: home, to_store_id: last }
  const moved = { kind: 'transfer', record_id: customer, store_id: home }
  const drafts: Draft[] = [
    { ...own, type: 'merge', payload: into },
    { ...moved, type: 'set', payload: way },
  ]
  for (const [nth, draft] of drafts.entries()) {
    const [result] = await writeDrafts(present, chain.admin, [draft], MONDAY_10AM + 1 + nth)
    expect(result?.status).toBe('applied')
  }
  await replay(present, backup)
  const people = await backup.db.select().from(backup.t.customer)
  expect(people.map((row) => row.store_id)).toEqual([last, last])
  await erase(cast)
  const erased = await listErased(present)
  const since = await carryOver(
    backup,
    { heads: [], emptied: new Map(), revoked: [], erased },
    MONDAY_10AM,
  )
  expect([since.erasedAgain, since.notErased]).toEqual([1, []])
  expect(await tracesIn(backup)).toEqual([])
  expect(await recounted(backup)).toEqual([])
  await Promise.all([present.close(), backup.close()])
})
