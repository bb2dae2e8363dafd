// Looking at one disk image as the next start would: SQLite recovers it, then everything that was
// acknowledged must be there as it was pushed, and no push by halves.
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { canonicalJson } from '#model/canonical.ts'
import type { Op } from '#model/op.ts'
import { must } from '#model/assert.ts'
import { ledgerFile } from './installation.ts'

/** One push of the recorded run; a device sends its pushes one after the other. */
export interface SentPush {
  device_id: string
  ops: readonly Op[]
}

/** The pushes of a run and, by op id, the text that the ledger keeps of each op. */
export interface Sent {
  pushes: readonly SentPush[]
  texts: ReadonlyMap<string, string>
}

/** `inFlight`: pushes that are there although their answer had not been given. */
export interface Seen {
  inFlight: number
  problem: string | null
}

/** Writes the files of an image into a folder, in place of those of the image before. */
export function layOut(folder: string, files: ReadonlyMap<string, Buffer>): void {
  mkdirSync(folder, { recursive: true })
  for (const name of readdirSync(folder)) rmSync(join(folder, name))
  for (const [name, content] of files) writeFileSync(join(folder, name), content)
}

interface OpRow {
  op_id: string
  text: string
}

/** Safe because the statements that are run here name their columns so. */
function asRows<T>(rows: unknown[]): T[] {
  return rows as T[]
}

/** Compares what stands in the ledger with what was sent, push by push. */
function comparePushes(
  rows: readonly OpRow[],
  { pushes, texts }: Sent,
  acknowledged: ReadonlySet<number>,
): Seen {
  const kept = new Set(rows.map((row) => row.op_id))
  const behind = new Set<string>()
  let [lost, inFlight, ops] = [0, 0, 0]
  for (const [index, push] of pushes.entries()) {
    const there = push.ops.filter((op) => kept.has(op.op_id)).length
    ops += there
    if (there === 0) {
      behind.add(push.device_id)
      if (acknowledged.has(index)) lost += 1
    } else if (there < push.ops.length) {
      return { inFlight, problem: `half a push: ${there} of ${push.ops.length} ops` }
    } else if (behind.has(push.device_id)) {
      return { inFlight, problem: 'a push is there, and one before it is not' }
    } else if (!acknowledged.has(index)) inFlight += 1
  }
  if (lost > 0) return { inFlight, problem: `lost: ${lost} acknowledged pushes` }
  const isStrange = ops !== rows.length || rows.some((row) => texts.get(row.op_id) !== row.text)
  return { inFlight, problem: isStrange ? 'an op is not as it was sent' : null }
}

const HALVES = `select count(*) as wrong from (
  select s.device_id from device_state s left join op o
    on o.store_id = s.store_id and o.device_id = s.device_id
    group by s.store_id, s.device_id having s.last_n <> coalesce(max(o.n), 0)
  union all
  select h.store_id from feed_head h left join feed_row r on r.store_id = h.store_id
    group by h.store_id having h.seq < coalesce(max(r.seq), 0)
  union all
  select o.op_id from op o left join op_seen s on s.op_id = o.op_id where s.op_id is null
  union all
  select 'visits' where (select count(*) from visit) <>
    (select count(*) from op where json_extract(op, '$.type') = 'visit'))`

/** The ledger's texts of the ops when all had arrived, each compared with what was sent. */
export function readTexts(folder: string, pushes: readonly SentPush[]): Sent['texts'] {
  const db = new Database(ledgerFile(folder), { readonly: true })
  const rows = asRows<OpRow>(db.prepare('select op_id, op as text from op').all())
  db.close()
  const texts = new Map(rows.map((row) => [row.op_id, row.text]))
  for (const op of pushes.flatMap((push) => push.ops)) {
    const kept: unknown = JSON.parse(texts.get(op.op_id) ?? 'null')
    if (canonicalJson(kept) !== canonicalJson(op)) throw new Error('an op is not kept as it was')
  }
  return texts
}

/** Checks an image against the pushes of the run, some of which had been acknowledged. */
export function lookAt(folder: string, sent: Sent, acknowledged: ReadonlySet<number>): Seen {
  const db = new Database(ledgerFile(folder))
  try {
    const integrity = db.pragma('integrity_check', { simple: true })
    if (integrity !== 'ok') return { inFlight: 0, problem: `corrupt: ${String(integrity)}` }
    const devices = [...new Set(sent.pushes.map((push) => push.device_id))]
    const marks = devices.map(() => '?').join(', ')
    const ops = db.prepare(`select op_id, op as text from op where device_id in (${marks})`)
    const seen = comparePushes(asRows<OpRow>(ops.all(...devices)), sent, acknowledged)
    if (seen.problem) return seen
    const [halves] = asRows<{ wrong: number }>(db.prepare(HALVES).all())
    const { wrong } = must(halves, 'the count of halves')
    return wrong === 0 ? seen : { ...seen, problem: `${wrong} books do not agree with their ops` }
  } catch (error) {
    return { inFlight: 0, problem: `corrupt: ${String(error)}` }
  } finally {
    db.close()
  }
}
