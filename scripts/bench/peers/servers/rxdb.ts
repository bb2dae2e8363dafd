// The endpoint that RxDB's checkpoint replication asks for, on SQLite with full durability. It
// compares versions and does nothing else: no login, no validation, no ledger.
import { gzipSync } from 'node:zlib'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Edit } from '../work.ts'
import { folders, listen, obey, readBody } from './child.ts'
import type { Order } from './orders.ts'

interface Doc {
  id: string
  _deleted?: boolean
}

interface PushedRow {
  newDocumentState: Doc
  assumedMasterState?: Doc
}

const LONG_BODY = 1024
const { data, pages } = folders()
const db = new Database(join(data, 'rxdb.sqlite'))
db.pragma('journal_mode = WAL')
db.pragma('synchronous = FULL')

const find = db.prepare('select body from doc where kind = ? and id = ?').pluck()
const put = db.prepare(`insert into doc values (?, ?, ?, ?)
  on conflict (kind, id) do update set seq = excluded.seq, body = excluded.body`)
const bump = db.prepare('update head set seq = seq + 1 returning seq').pluck()
const after = db.prepare(
  'select seq, body from doc where kind = ? and seq > ? order by seq limit ?',
)

function pull(kind: string, checkpoint: { seq: number } | null, limit: number): object {
  const rows = after.all(kind, checkpoint?.seq ?? 0, limit) as { seq: number; body: string }[]
  const documents = rows.map((row) => ({ ...(JSON.parse(row.body) as object), _deleted: false }))
  return { documents, checkpoint: { seq: rows.at(-1)?.seq ?? checkpoint?.seq ?? 0 } }
}

/** Documents that meanwhile are not what the client took them for; all others are stored. */
const push = db.transaction((kind: string, rows: readonly PushedRow[]): unknown[] => {
  const conflicts: unknown[] = []
  for (const { newDocumentState, assumedMasterState } of rows) {
    const known = find.get(kind, newDocumentState.id) as string | undefined
    const master = known === undefined ? null : withState(JSON.parse(known) as object)
    if (master && !isSame(master, assumedMasterState)) conflicts.push(master)
    else put.run(kind, newDocumentState.id, bump.get(), JSON.stringify(bare(newDocumentState)))
  }
  return conflicts
})

function withState(doc: object): object {
  return { ...doc, _deleted: false }
}

function bare({ _deleted: _gone, ...doc }: Doc): object {
  return doc
}

function isSame(a: object, b: object | undefined): boolean {
  if (!b) return false
  const text = (doc: object) => JSON.stringify(Object.entries(doc).sort())
  return text(a) === text(b)
}

async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const [, , what, kind = ''] = (request.url ?? '').split('/')
  const body: unknown = JSON.parse(await readBody(request))
  const asked = body as { checkpoint: { seq: number } | null; limit: number; rows: PushedRow[] }
  const answer =
    what === 'pull' ? pull(kind, asked.checkpoint, asked.limit) : push(kind, asked.rows)
  const text = JSON.stringify(answer)
  const isLong = text.length > LONG_BODY
  const headers = { 'content-type': 'application/json' }
  response.writeHead(200, isLong ? { ...headers, 'content-encoding': 'gzip' } : headers)
  response.end(isLong ? gzipSync(text) : text)
}

const edit = db.transaction((edits: readonly Edit[]): number => {
  for (const { id, phone, last4 } of edits) {
    const known = JSON.parse(find.get('customers', id) as string) as object // All are there.
    put.run('customers', id, bump.get(), JSON.stringify({ ...known, phone, last4 }))
  }
  return edits.length
})

function held(visits: readonly string[]): number {
  return visits.filter((id) => find.get('visits', id)).length
}

function more(order: Order): object {
  if (order.do !== 'count') return {}
  return { count: db.prepare('select count(*) from doc').pluck().get() }
}

const url = await listen(pages, (request, response) => void handle(request, response))
await obey({ url }, { edit, held, more })
db.close()
process.exit(0)
