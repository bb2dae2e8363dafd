// Tablets whose app is older than the server. No older app is at hand, so today's speaks as one:
// it names an earlier schema in every request, and what it writes is sealed as of that schema. The
// server, which is the real one, gives it rows and parts of that schema, or refuses to serve it.
import { type DeviceHead, headAfter, hashOp, OLDEST_SERVED_SCHEMA, SCHEMA } from '#model/op.ts'
import { nodePorts } from '#sql/ports.ts'
import type { Local } from '#web/local/database.ts'
import type { OpRow } from '#web/local/tables.ts'
import { opsOnDisk } from './disk.ts'

/** What of a tablet matters here. */
interface Aged {
  database: string
  schema: number
  local(): Promise<Local>
}

const SCHEMA_HEADER = 'x-regulars-schema'

/** An app that the server does not serve any more, though it takes what it wrote. */
export const NOT_SERVED = OLDEST_SERVED_SCHEMA - 1
/** Today's app, the oldest that is served, and one that is not: as common as in a slow roll-out. */
export const SCHEMAS = [SCHEMA, SCHEMA, SCHEMA, OLDEST_SERVED_SCHEMA, NOT_SERVED] as const

/** `fetch` of an app of another schema. */
export function speaking(fetch: typeof globalThis.fetch, schemaOf: () => number): typeof fetch {
  return (input, options) => {
    const schema = schemaOf()
    if (schema === SCHEMA) return fetch(input, options)
    const headers = new Headers(options?.headers)
    headers.set(SCHEMA_HEADER, String(schema))
    const { body } = options ?? {}
    const said =
      typeof body === 'string' ? { body: JSON.stringify(JSON.parse(body, asOf(schema))) } : {}
    return fetch(input, { ...options, headers, ...said })
  }
}

/** Names the schema in a health report, and nowhere else. */
function asOf(schema: number) {
  return (key: string, value: unknown) =>
    key === 'health' ? { ...(value as object), schema } : value
}

/** Seals what was written after `before` as an app of the tablet's schema would have. */
export async function sealAsWritten(tablet: Aged, before: DeviceHead): Promise<void> {
  if (tablet.schema === SCHEMA) return
  const { db } = await tablet.local()
  await db.transaction('rw', db.op, db.meta, async () => {
    const written = await db.op.where('n').above(before.n).sortBy('n')
    let head = before
    const rows = written.map((row): OpRow => {
      // No op is of a schema that never was.
      const { hash: _hash, ...content } = { ...row.op, schema: Math.max(1, tablet.schema) }
      const op = { ...content, hash: hashOp(content, head.hash, nodePorts.sha256) }
      head = headAfter(op)
      return { ...row, op }
    })
    await db.op.bulkPut(rows)
    await db.meta.put({ key: 'head', value: head })
  })
}

/** Ops that wait for an answer. */
export function waitingOnDisk({ database }: Aged): number {
  return opsOnDisk(database).filter(({ state }) => state === 'waiting').length
}
