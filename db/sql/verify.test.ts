// What is at stake: a byte that turned on the disk is served as truth for ever, because the
// database does not look at the content of its rows. Every flip inside an op must be found.
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { and, eq } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { must } from '#model/assert.ts'
import { openLedger, openLedgerToRead } from './open-ledger.ts'
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
const HARD = { note: 'quote" \\ 张伟 🧋', attributes: { a: '1e3', b: '' } }
/** Refused, and kept as it came, with an escape that may be written in two ways. */
const BELL = { note: '\u000b' }

onBothEngines(
  'an untouched ledger has no broken op, refused and repeated ops included',
  async (engine) => {
    const chain = await makeChain(await openEmpty(engine))
    const tablet = await enrolTablet(chain, 0)
    const customer = id()
    const first = tablet.customer(customer, HARD)
    const stranger = tablet.visit(id(), chain.stores[0], undefined, BELL)
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

const OPS_OF_TABLET = 12
const REFUSED = 2

/** A closed SQLite file with a tablet's ops: a damaged one, hostile text, a refused one, visits. */
async function makeFile(folder: string): Promise<string> {
  const path = join(folder, 'ledger.sqlite')
  const ledger = await openLedger(path, nodePorts)
  const chain = await makeChain(ledger)
  const tablet = await enrolTablet(chain, 0)
  const customer = id()
  const damaged = { ...tablet.visit(customer, chain.stores[0]), ts_mono: 77 }
  await tablet.push([damaged])
  await tablet.push([tablet.customer(customer, HARD), tablet.visit(id(), null, undefined, BELL)])
  for (let n = 3; n < OPS_OF_TABLET; n += 1)
    await tablet.push([tablet.visit(customer, chain.stores[0], undefined, { spend_minor: n * 7 })])
  await ledger.close()
  return path
}

/** What SQL reads of all ops, those in the quarantine included. */
function readTexts(path: string): Buffer[] {
  const file = new Database(path, { readonly: true })
  const sql = 'select cast(op as blob) from op union all select cast(op as blob) from quarantine'
  const texts = file.prepare(sql).pluck().all() as Buffer[]
  file.close()
  return texts
}

function flip(file: number, at: number, bit: number, byte: number): void {
  writeSync(file, Uint8Array.of(byte ^ (1 << bit)), 0, 1, at)
}

/** Where the texts lie in the file. Dead copies in free room are left out: nobody reads them. */
function placesOf(path: string, file: number): { at: number; bytes: Buffer }[] {
  const before = readTexts(path)
  const image = readFileSync(path)
  return before.slice(-OPS_OF_TABLET - REFUSED).flatMap((bytes) => {
    const found: { at: number; bytes: Buffer }[] = []
    for (let at = image.indexOf(bytes); at >= 0; at = image.indexOf(bytes, at + 1)) {
      flip(file, at, 0, must(bytes[0], 'a byte'))
      const isRead = readTexts(path).some((text, index) => !text.equals(before[index] ?? text))
      writeSync(file, bytes, 0, 1, at)
      if (isRead) found.push({ at, bytes })
    }
    return found
  })
}

async function isFound(path: string): Promise<boolean> {
  const ledger = await openLedgerToRead(path, nodePorts)
  const found = await brokenOf(ledger)
  await ledger.close()
  return found.length > 0
}

test('a chain of any length is hashed once from its first op to its last', async () => {
  const chain = await makeChain(await openEmpty('sqlite'))
  const tablet = await enrolTablet(chain, 0)
  const visits = Array.from({ length: 120 }, () => tablet.visit(null, null))
  await tablet.push(visits)
  let hashed = 0
  const sha256 = (text: string) => {
    hashed += 1
    return nodePorts.sha256(text)
  }
  const ledger = { ...chain.ledger, ports: { ...nodePorts, sha256 } }
  const { ops, broken } = await verifyChains(ledger, () => undefined)
  expect([hashed, broken]).toEqual([ops, 0])
  await chain.ledger.close()
})

test('every flipped byte of a stored op in the file itself is found', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'regulars-flip-'))
  const path = await makeFile(folder)
  expect(await isFound(path)).toBe(false)
  const file = openSync(path, 'r+')
  const ops = placesOf(path, file)
  const random = seeded(20261102)
  // All along one op, then any bit of any op of the tablet and of the copies of the refused.
  const along = [...must(ops[2], 'an op').bytes.keys()]
    .filter((offset) => offset % 4 === 0)
    .map((offset) => ({ op: 2, offset }))
  const anywhere = Array.from({ length: 500 }, () => {
    const op = Math.floor(random() * ops.length)
    return { op, offset: Math.floor(random() * must(ops[op], 'an op').bytes.length) }
  })
  let [flips, found] = [0, 0]
  for (const { op, offset } of [...along, ...anywhere]) {
    const { at, bytes } = must(ops[op], 'an op')
    const byte = must(bytes[offset], 'a byte')
    flip(file, at + offset, Math.floor(random() * 8), byte)
    flips += 1
    if (await isFound(path)) found += 1
    else if (op === 3) {
      const all = []
      for (let i = -1; (i = readFileSync(path).indexOf(bytes, i + 1)) >= 0;) all.push(i)
      console.log('MISS', op, offset, at, all, readFileSync(path).length, path)
      throw new Error('stop')
    }
    writeSync(file, Uint8Array.of(byte), 0, 1, at + offset)
  }
  closeSync(file)
  console.log(`flipped bytes in stored ops: ${found} of ${flips} found`)
  expect(flips).toBeGreaterThan(600)
  expect(found).toBe(flips)
  expect(await isFound(path)).toBe(false)
  rmSync(folder, { recursive: true })
}, 90_000)
