// The work in the databases of the other contenders' servers.
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import Database from 'better-sqlite3'
import { joinPart } from '#model/part.ts'
import { startBenchServer } from './server.ts'
import type { Work, WorkVisit } from './work.ts'

const PART_CUSTOMERS = 500
const BULK = 5000

/** Parts of 500 customers, packed once; customers also as rows, to be edited later. */
export function seedFloor(folder: string, work: Work): void {
  const db = new Database(join(folder, 'floor.sqlite'))
  db.exec(`create table part (no integer primary key, data blob);
    create table op (id text primary key, body text);
    create table record (id text primary key, kind text, seq integer, body text);
    create index record_seq on record (seq);
    create table head (seq integer)`)
  const byCustomer = Map.groupBy(work.visits, (visit) => visit.c)
  const addPart = db.prepare('insert into part values (?, ?)')
  const addRow = db.prepare("insert into record values (?, 'customer', ?, ?)")
  db.transaction(() => {
    for (let no = 0; no * PART_CUSTOMERS < work.customers.length; no += 1) {
      const own = work.customers.slice(no * PART_CUSTOMERS, (no + 1) * PART_CUSTOMERS)
      const past: Record<string, WorkVisit[]> = {}
      for (const { id } of own) past[id] = byCustomer.get(id) ?? []
      const packed = [own, past].map((value) => gzipSync(JSON.stringify(value)))
      addPart.run(no, joinPart(packed[0] ?? new Uint8Array(), packed[1] ?? new Uint8Array()))
    }
    work.customers.forEach((one, index) => addRow.run(one.id, index + 1, JSON.stringify(one)))
    db.prepare('insert into head values (?)').run(work.customers.length)
  })()
  db.close()
}

export function seedRxdb(folder: string, work: Work): void {
  const db = new Database(join(folder, 'rxdb.sqlite'))
  db.exec(`create table doc (kind text, id text, seq integer, body text, primary key (kind, id));
    create index doc_seq on doc (kind, seq);
    create table head (seq integer)`)
  const add = db.prepare('insert into doc values (?, ?, ?, ?)')
  let seq = 0
  db.transaction(() => {
    for (const one of work.customers) add.run('customers', one.id, ++seq, JSON.stringify(one))
    for (const one of work.visits) add.run('visits', one.id, ++seq, JSON.stringify(one))
    db.prepare('insert into head values (?)').run(seq)
  })()
  db.close()
}

/** Through the server's own interface, as documents whose ids put a customer's visits together. */
export async function seedPouch(folder: string, work: Work, packages: string): Promise<void> {
  const server = await startBenchServer('pouch', { data: folder, pages: folder, packages })
  const customers = work.customers.map(({ id, ...rest }) => ({ _id: id, ...rest }))
  const visits = work.visits.map(({ id, ...rest }) => {
    return { _id: `${rest.c}:${String(rest.at)}:${id}`, ...rest }
  })
  for (const [name, docs] of Object.entries({ customers, visits }))
    for (let from = 0; from < docs.length; from += BULK)
      await post(`${server.url}/db/${name}/_bulk_docs`, { docs: docs.slice(from, from + BULK) })
  await server.stop()
}

async function post(url: string, body: object): Promise<void> {
  const headers = { 'content-type': 'application/json' }
  const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })
  if (!answer.ok) throw new Error(`${url}: ${answer.status} ${await answer.text()}`)
  await answer.arrayBuffer()
}
