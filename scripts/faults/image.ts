// Looking at one disk image as the next start would: SQLite recovers it, then everything that was
// acknowledged must be there as it was pushed, and no push by halves.
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import type { Op } from '#model/op.ts'
import { must } from '#model/assert.ts'
import { ledgerFile } from './installation.ts'

/** One push of the recorded run; pushes went one after the other. */
export interface SentPush {
  device_id: string
  ops: readonly Op[]
}

/** What the image must show; `kept` is how many pushes it does show. */
export interface Seen {
  kept: number
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

/** How many pushes, from the first, stand in the ledger; null when one is there by halves. */
function pushesKept(
  rows: readonly OpRow[],
  pushes: readonly SentPush[],
  texts: Map<string, string>,
) {
  const kept = new Map(rows.map((row) => [row.op_id, row.text]))
  let count = 0
  let ops = 0
  for (const push of pushes) {
    const there = push.ops.filter((op) => kept.has(op.op_id)).length
    if (there === 0) break
    if (there < push.ops.length) return null
    count += 1
    ops += there
  }
  if (ops !== rows.length) return null
  for (const [id, text] of kept) if (texts.get(id) !== text) return null
  return count
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

/** Checks an image against the pushes of the run, of which `acknowledged` had been answered. */
export function lookAt(
  folder: string,
  pushes: readonly SentPush[],
  acknowledged: number,
  texts: Map<string, string>,
): Seen {
  const db = new Database(ledgerFile(folder))
  try {
    const integrity = db.pragma('integrity_check', { simple: true })
    if (integrity !== 'ok') return { kept: 0, problem: `corrupt: ${String(integrity)}` }
    const devices = [...new Set(pushes.map((push) => push.device_id))]
    const marks = devices.map(() => '?').join(', ')
    const ops = db.prepare(`select op_id, op as text from op where device_id in (${marks})`)
    const kept = pushesKept(asRows<OpRow>(ops.all(...devices)), pushes, texts)
    if (kept === null) return { kept: 0, problem: 'a push is there by halves, or altered' }
    if (kept < acknowledged) return { kept, problem: `lost: ${acknowledged - kept} pushes` }
    if (kept > acknowledged + 1) return { kept, problem: 'pushes that were not yet sent' }
    const [halves] = asRows<{ wrong: number }>(db.prepare(HALVES).all())
    const { wrong } = must(halves, 'the count of halves')
    return { kept, problem: wrong === 0 ? null : `${wrong} books do not agree with their ops` }
  } catch (error) {
    return { kept: 0, problem: `corrupt: ${String(error)}` }
  } finally {
    db.close()
  }
}
