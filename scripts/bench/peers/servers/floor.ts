// The least that a server of this work must do: packed parts made beforehand, an op ledger, a row
// and a feed number per visit in one durable transaction. It asks nobody who they are.
import { gzipSync } from 'node:zlib'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Edit } from '../work.ts'
import { folders, listen, obey, readBody } from './child.ts'
import type { Order } from './orders.ts'

const PAGE = 1000
const LONG_BODY = 1024

interface Posted {
  id: string
  c?: string
}

const { data, pages } = folders()
const db = new Database(join(data, 'floor.sqlite'))
db.pragma('journal_mode = WAL')
db.pragma('synchronous = FULL')

const addOp = db.prepare('insert or ignore into op values (?, ?)')
const putRow = db.prepare(`insert into record values (?, ?, ?, ?)
  on conflict (id) do update set seq = excluded.seq, body = excluded.body`)
const bump = db.prepare('update head set seq = seq + ? returning seq')
const head = db.prepare('select seq from head').pluck()
const after = db.prepare('select * from record where seq > ? order by seq limit ?')

/** Ops, their rows and the feed's number. Runs inside a transaction. */
function take(ops: readonly Posted[]): void {
  let seq = (bump.get(ops.length) as { seq: number }).seq - ops.length
  for (const op of ops) {
    const body = JSON.stringify(op)
    if (addOp.run(op.id, body).changes === 1) putRow.run(op.id, 'visit', ++seq, body)
  }
}

const takeOne = db.transaction(take)
const takeAll = db.transaction((pushes: readonly Posted[][]) => pushes.forEach(take))

interface Waiting {
  ops: Posted[]
  answer: () => void
}
let waiting: Waiting[] = []

/** Pushes that wait at the same time share one commit; each is answered after it. */
function takeTogether(ops: Posted[], answer: () => void): void {
  waiting.push({ ops, answer })
  if (waiting.length > 1) return
  setImmediate(() => {
    const now = waiting
    waiting = []
    takeAll(now.map((push) => push.ops))
    for (const push of now) push.answer()
  })
}

function changes(cursor: number): object {
  type Row = { kind: 'customer' | 'visit'; seq: number; body: string }
  const rows = after.all(cursor, PAGE) as Row[] // The columns of `record`.
  const of = (kind: Row['kind']) =>
    rows.filter((row) => row.kind === kind).map((row): unknown => JSON.parse(row.body))
  const next = rows.at(-1)?.seq ?? cursor
  const more = rows.length === PAGE
  return { customers: of('customer'), visits: of('visit'), cursor: next, more }
}

function send(response: ServerResponse, value: object): void {
  const text = JSON.stringify(value)
  const isLong = text.length > LONG_BODY
  const headers = { 'content-type': 'application/json' }
  response.writeHead(200, isLong ? { ...headers, 'content-encoding': 'gzip' } : headers)
  response.end(isLong ? gzipSync(text) : text)
}

async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '', 'http://localhost')
  const [, , what, no] = url.pathname.split('/')
  if (what === 'part') {
    const part = db.prepare('select data from part where no = ?').pluck().get(Number(no))
    response.end(part)
  } else if (what === 'manifest') {
    const parts = db.prepare('select count(*) from part').pluck().get()
    send(response, { parts, cursor: head.get() })
  } else if (what === 'pull') send(response, changes(Number(url.searchParams.get('after'))))
  else {
    const { ops } = JSON.parse(await readBody(request)) as { ops: Posted[] } // Of our own page.
    const answer = () => send(response, { taken: ops.length })
    if (what === 'push-together') takeTogether(ops, answer)
    else {
      takeOne(ops)
      answer()
    }
  }
}

const edit = db.transaction((edits: readonly Edit[]): number => {
  const find = db.prepare('select body from record where id = ?').pluck()
  let seq = (bump.get(edits.length) as { seq: number }).seq - edits.length
  for (const { id, phone, last4 } of edits) {
    const known = JSON.parse(find.get(id) as string) as object // Every customer has a row.
    putRow.run(id, 'customer', ++seq, JSON.stringify({ ...known, phone, last4 }))
  }
  return edits.length
})

function held(visits: readonly string[]): number {
  const find = db.prepare('select 1 from record where id = ?')
  return visits.filter((id) => find.get(id)).length
}

function more(order: Order): object {
  if (order.do !== 'count') return {}
  return { count: db.prepare('select count(*) from op').pluck().get() }
}

const url = await listen(pages, (request, response) => void handle(request, response))
await obey({ url }, { edit, held, more })
db.close()
process.exit(0)
