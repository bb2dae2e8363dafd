// Twenty clients push fifty new visits at a time, over HTTP, to each server in turn. The load comes
// from this process; every server's own CPU time is what counts on a shared machine.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { SCHEMA } from '#model/op.ts'
import { nodePorts } from '#sql/ports.ts'
import { quantile } from '../measure.ts'
import { sealBatches } from '../push.ts'
import { type Folders, type ServerName, startBenchServer } from './server.ts'
import type { BenchTablet, Usage } from './servers/orders.ts'

const CLIENTS = 20
const PUSHES = 40
const OPS = 50
const CUSTOMERS_EACH = 100
const TOTAL = CLIENTS * PUSHES * OPS

export interface PushResult {
  opsPerS: number
  p50: number
  p95: number
  cpuMicros: number
}

interface Request {
  path: string
  headers: Record<string, string>
  body: string
  /** Throws when the answer says that something was not taken. */
  check(answer: unknown): void
}

/** What one client sends, push by push: each waits for the answer to the one before. */
type Client = readonly (readonly Request[])[]

interface Target {
  name: string
  server: ServerName
  /** Fills the empty folder; ours fills its own. */
  prepare?(folder: string): void
  clients(tablets: BenchTablet[]): Client[]
}

const JSON_TYPE = { 'content-type': 'application/json' }

function lean(index: number): { id: string; c: string; at: number; purpose: string }[] {
  const c = nodePorts.uuid()
  return Array.from({ length: OPS }, (_, at) => {
    return { id: nodePorts.uuid(), c, at: index * OPS + at, purpose: 'buy' }
  })
}

function leanClients(make: (index: number) => readonly Request[]): Client[] {
  return Array.from({ length: CLIENTS }, () =>
    Array.from({ length: PUSHES }, (_, index) => make(index)),
  )
}

/** The tablet's own pushes, sealed beforehand as the tablet would have sealed them. */
function ourClients(tablets: BenchTablet[]): Client[] {
  const now = Date.now()
  const health = {
    app_version: 'bench',
    schema: SCHEMA,
    client_now: now,
    max_n: 0,
    unsent: 0,
    oldest_unsent_at: null,
    persisted: null,
    usage_bytes: null,
    quota_bytes: null,
  }
  return tablets.map(({ device_id, store_id, clerk, customers, token }) => {
    const session = { device_id, book: store_id, role: 'tablet', revoked: false, actor_id: null }
    const batches = sealBatches({ ...session, role: 'tablet' }, clerk, customers, now, PUSHES, OPS)
    const headers = { ...JSON_TYPE, cookie: `regulars_device=${token}` }
    return batches.map((ops) => {
      const body = JSON.stringify({ device_id, epoch: null, health, ops })
      return [{ path: '/api/sync/push', headers, body, check: allApplied }]
    })
  })
}

function allApplied(answer: unknown): void {
  const { results } = answer as { results: { status: string }[] } // The protocol's PushReply.
  const applied = results.filter((result) => result.status === 'applied').length
  if (applied !== OPS) throw new Error(`${applied} of ${OPS} ops were applied`)
}

function pouchPush(index: number): readonly Request[] {
  const docs = lean(index).map(({ id, ...rest }) => {
    const rev = nodePorts.uuid().replaceAll('-', '')
    const _revisions = { start: 1, ids: [rev] }
    return { _id: id, _rev: `1-${rev}`, _revisions, ...rest }
  })
  const revs = Object.fromEntries(docs.map((doc) => [doc._id, [doc._rev]]))
  const request = (path: string, body: object): Request => ({
    ...{ path: `/db/visits/${path}`, headers: JSON_TYPE, body: JSON.stringify(body) },
    check: () => undefined,
  })
  return [request('_revs_diff', revs), request('_bulk_docs', { docs, new_edits: false })]
}

function rxdbPush(index: number): readonly Request[] {
  const rows = lean(index).map((doc) => ({ newDocumentState: { ...doc, _deleted: false } }))
  const body = JSON.stringify({ rows })
  return [{ path: '/rxdb/push/visits', headers: JSON_TYPE, body, check: noConflict }]
}

function noConflict(answer: unknown): void {
  if (!Array.isArray(answer) || answer.length > 0) throw new Error('the endpoint saw conflicts')
}

const floorPush = (path: string) => (index: number) => [
  { path, headers: JSON_TYPE, body: JSON.stringify({ ops: lean(index) }), check: () => undefined },
]

function emptyFloor(folder: string): void {
  const db = new Database(join(folder, 'floor.sqlite'))
  db.exec(`create table part (no integer primary key, data blob);
    create table op (id text primary key, body text);
    create table record (id text primary key, kind text, seq integer, body text);
    create index record_seq on record (seq);
    create table head (seq integer);
    insert into head values (0)`)
  db.close()
}

function emptyRxdb(folder: string): void {
  const db = new Database(join(folder, 'rxdb.sqlite'))
  db.exec(`create table doc (kind text, id text, seq integer, body text, primary key (kind, id));
    create index doc_seq on doc (kind, seq);
    create table head (seq integer);
    insert into head values (0)`)
  db.close()
}

const TARGETS: readonly Target[] = [
  { name: 'Regulars', server: 'ours', clients: ourClients },
  {
    name: 'floor, a commit each',
    server: 'floor',
    prepare: emptyFloor,
    clients: () => leanClients(floorPush('/floor/push')),
  },
  {
    name: 'floor, shared commits',
    server: 'floor',
    prepare: emptyFloor,
    clients: () => leanClients(floorPush('/floor/push-together')),
  },
  {
    name: 'RxDB endpoint',
    server: 'rxdb',
    prepare: emptyRxdb,
    clients: () => leanClients(rxdbPush),
  },
  { name: 'express-pouchdb', server: 'pouch', clients: () => leanClients(pouchPush) },
]

export function pushTargets(hasPouch: boolean): readonly Target[] {
  return TARGETS.filter((target) => hasPouch || target.server !== 'pouch')
}

/** All clients at once; the time of a push is that of all its requests. */
async function pushAll(url: string, clients: readonly Client[]): Promise<number[]> {
  const times: number[] = []
  const one = async ({ path, headers, body, check }: Request) => {
    const answer = await fetch(`${url}${path}`, { method: 'POST', headers, body })
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
    check(await answer.json())
  }
  const run = async (client: Client) => {
    for (const push of client) {
      const start = performance.now()
      for (const request of push) await one(request)
      times.push(performance.now() - start)
    }
  }
  await Promise.all(clients.map(run))
  return times
}

/** One run against an empty server. Throws unless the server holds every accepted visit. */
export async function runPushes(target: Target, folders: Folders): Promise<PushResult> {
  const folder = mkdtempSync(join(tmpdir(), 'regulars-pushes-'))
  const data = join(folder, 'data')
  mkdirSync(data)
  target.prepare?.(data)
  const server = await startBenchServer(target.server, { ...folders, data })
  try {
    const isOurs = target.server === 'ours'
    const order = { do: 'tablets', count: CLIENTS, perStore: CUSTOMERS_EACH } as const
    const tablets = isOurs ? await server.ask<{ tablets: BenchTablet[] }>(order) : { tablets: [] }
    const clients = target.clients(tablets.tablets)
    const held = await server.ask<{ count: number }>({ do: 'count' })
    const before = await server.ask<Usage>({ do: 'usage' })
    const start = performance.now()
    const times = await pushAll(server.url, clients)
    const ms = performance.now() - start
    const after = await server.ask<Usage>({ do: 'usage' })
    const { count } = await server.ask<{ count: number }>({ do: 'count' })
    if (count - held.count !== TOTAL)
      throw new Error(`${target.name} holds ${count - held.count} of ${TOTAL} visits`)
    return {
      opsPerS: (TOTAL / ms) * 1000,
      p50: quantile(times, 0.5),
      p95: quantile(times, 0.95),
      cpuMicros: (after.cpuMicros - before.cpuMicros) / TOTAL,
    }
  } finally {
    await server.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}
