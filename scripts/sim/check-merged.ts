// What becomes of entries about a customer who was made one person with another. Whatever happened
// before the merge is the record's own; whatever happens later, written by somebody who does not
// know of it yet, is the survivor's. Screens show the survivor, with the visits of all records.
import { eq } from 'drizzle-orm'
import type { CustomerRow } from '#model/customer.ts'
import { isLater, type Op } from '#model/op.ts'
import type { Visit } from '#model/visit.ts'
import { getPasts } from '#web/local/past.ts'
import { getCustomer } from '#web/local/read.ts'
import type { Memory } from './memory.ts'
import type { Held } from './shown.ts'
import type { Tablet } from './tablet.ts'
import type { ServerView } from './truth.ts'
import type { World } from './world.ts'

/** The record that an entry of a time is about. */
function standsFor(merged: ServerView['merged'], id: string, at: number): string {
  const merge = merged.get(id)
  return merge && at >= merge.at ? standsFor(merged, merge.into, at) : id
}

async function checkFields(world: World, op: Op, at: number, id: string): Promise<void> {
  const { db, t } = world.server.ledger
  const [row] = await db.select().from(t.customer).where(eq(t.customer.id, id))
  if (row && row.erased_on !== null) return
  const stamps: Partial<Record<string, readonly [number, string]>> = row?.stamps ?? {}
  for (const field of Object.keys(op.payload)) {
    if (field === 'home_store_id') continue
    const stamp = stamps[field]
    if (!stamp || (stamp[1] !== op.op_id && !isLater(stamp, [at, op.op_id])))
      world.fail(`merge op ${op.op_id} about ${op.record_id} set no ${field} of ${id}`)
  }
}

async function checkTag(world: World, op: Op, id: string): Promise<void> {
  const { db, t } = world.server.ledger
  const [tag] = await db.select().from(t.tagging).where(eq(t.tagging.dot, op.op_id))
  if (tag?.customer_id !== id)
    world.fail(
      `merge tag ${op.op_id} about ${op.record_id} is at ${tag?.customer_id}, not at ${id}`,
    )
}

/** After each step: what came about a record that is part of another is where it belongs. */
export async function checkFollowed(world: World, { truth, followed }: Memory): Promise<void> {
  const { before, server, ops } = truth
  if (!before || before.merged.size === 0) return
  for (const { op_id, status, effective_at: at } of server.ops) {
    const op = ops.get(op_id)?.op
    if (status !== 'applied' || !op || !before.merged.has(op.record_id)) continue
    if (before.byId.get(op_id)?.some((known) => known.status === 'applied')) continue
    const id = standsFor(before.merged, op.record_id, at)
    world.count(id === op.record_id ? 'came late of before a merge' : 'followed a merge')
    if (op.kind === 'customer' && op.type === 'set') await checkFields(world, op, at, id)
    if (op.type !== 'tag+') continue
    await checkTag(world, op, id)
    followed.set(op_id, id)
  }
}

/** At rest: a tablet shows the survivor for every record, with all visits and tags that count. */
export async function checkSurvivors(
  world: World,
  tablet: Tablet,
  held: ReadonlyMap<string, Held>,
  { followed }: Memory,
): Promise<void> {
  const { db, t } = world.server.ledger
  const local = await tablet.local()
  const visits = [...held.values()].filter((row) => row.kind === 'visit' && row.state === 'put')
  const tags = await db.select().from(t.tagging)
  for (const [id, row] of held) {
    if (row.kind !== 'customer' || row.state !== 'put') continue
    if ((row.body as CustomerRow).merged_into === undefined) continue
    const view = await getCustomer(local, id)
    if (!view) return world.fail(`merge ${tablet.name} shows nobody for ${id}`)
    const person = view.row
    const past = await getPasts(local, view.records)
    const shown = new Set(past.visits.map((visit) => visit.id))
    const own = visits.map(({ body }) => body as Visit).filter((one) => one.customer_id === id)
    for (const visit of own)
      if (!visit.void && !past.isCut && !shown.has(visit.id))
        world.fail(`merge ${tablet.name} shows no visit ${visit.id} of ${id} at ${person.id}`)
    for (const { customer_id, dot, off_at } of tags)
      if (customer_id === person.id && followed.has(dot) && off_at === null)
        if (!person.taggings.some((tagging) => tagging.dot === dot))
          world.fail(`merge ${tablet.name} shows no tag ${dot} of ${id} at ${person.id}`)
  }
}
