// What is at stake: a byte that turned on the disk is served as truth for ever, because the
// database does not look at the content of its rows. Every flip inside an op must be found.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { and, eq } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { must } from '#model/assert.ts'
import { openLedger } from './ledger.ts'
import { nodePorts } from './ports.ts'
import { enrolTablet, id, makeChain, onBothEngines, openEmpty } from './test-ledger.ts'
import { type Broken, verifyChains } from './verify.ts'

async function brokenOf(ledger: Parameters<typeof verifyChains>[0]): Promise<Broken[]> {
  const found: Broken[] = []
  const { broken } = await verifyChains(ledger, (one) => found.push(one))
  expect(found).toHaveLength(broken)
  return found
}

/** Texts that are hard on parsers: escapes, Han, an emoji, numbers of all sorts. */
const HOSTILE = { note: 'tab\tquote" \\ 张伟 🧋 \u0007', attributes: { a: '1e3', b: '' } }

onBothEngines(
  'an untouched ledger has no broken op, refused and repeated ops included',
  async (engine) => {
    const chain = await makeChain(await openEmpty(engine))
    const tablet = await enrolTablet(chain, 0)
    const customer = id()
    const first = tablet.customer(customer, HOSTILE)
    const stranger = tablet.visit(id(), chain.stores[0])
    const damaged = { ...tablet.visit(customer, chain.stores[0]), payload: { purpose: 'browse' } }
    await tablet.push([first, stranger, damaged, tablet.visit(customer, chain.stores[0])])
    await tablet.push([first])
    const counted = await verifyChains(chain.ledger, (one) => expect(one).toBeUndefined())
    expect(counted).toMatchObject({ broken: 0 })
    expect(counted.ops).toBeGreaterThan(14)
    const { op } = chain.ledger.t
    const ofTablet = and(
      eq(op.store_id, chain.stores[0]),
      eq(op.device_id, tablet.session.device_id),
    )
    const changes: [Partial<typeof op.$inferInsert>, number, Broken['what']][] = [
      [{ op_id: id() }, 2, 'column'],
      [{ effective_at: 5 }, 4, 'column'],
      [{ received_at: 5, effective_at: 5 }, 4, 'order'],
      [{ n: 9 }, 4, 'gap'],
    ]
    for (const [change, n, what] of changes) {
      const [before] = await chain.ledger.db
        .select()
        .from(op)
        .where(and(ofTablet, eq(op.n, n)))
      const where = (at: number) => and(ofTablet, eq(op.n, at))
      await chain.ledger.tx((db) => db.update(op).set(change).where(where(n)))
      const found = await brokenOf(chain.ledger)
      expect(found.map((one) => one.what)).toContain(what)
      const back = must(before, 'the op')
      await chain.ledger.tx((db) =>
        db
          .update(op)
          .set(back)
          .where(where(change.n ?? n)),
      )
    }
    await chain.ledger.tx((db) => db.delete(op).where(and(ofTablet, eq(op.n, 4))))
    expect(await brokenOf(chain.ledger)).toMatchObject([{ n: null, what: 'head' }])
    await chain.ledger.close()
  },
)

/** The same numbers in the same order on every run. */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** A SQLite file with tablets' ops of every sort, closed, and how its ops lie in it. */
async function makeFile(folder: string): Promise<string> {
  const path = join(folder, 'ledger.sqlite')
  const ledger = await openLedger(path, nodePorts)
  const chain = await makeChain(ledger)
  const tablet = await enrolTablet(chain, 0)
  const customer = id()
  const damaged = { ...tablet.visit(customer, chain.stores[0]), ts_mono: 77 }
  await tablet.push([damaged])
  await tablet.push([tablet.customer(customer, HOSTILE), tablet.visit(id(), chain.stores[0])])
  for (let n = 0; n < 30; n += 1)
    await tablet.push([tablet.visit(customer, chain.stores[0], undefined, { spend_minor: n * 7 })])
  await ledger.close()
  return path
}

test('every flipped byte inside a stored op is found, in every field of every sort of op', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'regulars-flip-'))
  const path = await makeFile(folder)
  const ledger = await openLedger(path, nodePorts)
  expect(await brokenOf(ledger)).toEqual([])
  const file = new Database(path)
  file.pragma('synchronous = OFF')
  const ops = file.prepare('select rowid, cast(op as blob) as bytes from op').all() as {
    rowid: number
    bytes: Buffer
  }[]
  const put = file.prepare('update op set op = cast(? as text) where rowid = ?')
  const random = seeded(20261102)
  let [flips, found] = [0, 0]
  // One op byte by byte, then bytes and bits anywhere.
  const whole = ops.slice(-31, -30).flatMap((op) => [...op.bytes.keys()].map((at) => ({ op, at })))
  const anywhere = Array.from({ length: 600 }, () => {
    const op = must(ops[Math.floor(random() * ops.length)], 'an op')
    return { op, at: Math.floor(random() * op.bytes.length) }
  })
  for (const { op, at } of [...whole, ...anywhere]) {
    const turned = Buffer.from(op.bytes)
    turned[at] = must(turned[at], 'a byte') ^ (1 << Math.floor(random() * 8))
    put.run(turned, op.rowid)
    flips += 1
    if ((await brokenOf(ledger)).length > 0) found += 1
    put.run(op.bytes, op.rowid)
  }
  console.log(`flipped bytes in stored ops: ${found} of ${flips} found`)
  expect(flips).toBeGreaterThan(1_000)
  expect(found).toBe(flips)
  expect(await brokenOf(ledger)).toEqual([])
  file.close()
  await ledger.close()
  rmSync(folder, { recursive: true })
})
