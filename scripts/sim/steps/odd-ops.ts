// Ops and rows that this version would never write: those of a faulty client, of a newer one, and
// rows that only a newer server sends. They enter as they would: sealed into the outbox, or put
// into a feed.
import type { Random } from '../../demo/random.ts'
import { type DeviceHead, headAfter, type Op, SCHEMA, sealOp } from '#model/op.ts'
import { Feeds, writeFeeds } from '#sql/feeds.ts'
import { nodePorts } from '#sql/ports.ts'
import type { OpRow } from '#web/local/tables.ts'
import { customersOnDisk } from '../shown.ts'
import type { Tablet } from '../tablet.ts'
import type { World } from '../world.ts'
import { type Act, NOTHING } from './act.ts'
import { authorAt } from './write.ts'

type Content = Pick<Op, 'kind' | 'record_id' | 'type' | 'payload'> & {
  schema?: number
  tx?: string
}

function sealRow(world: World, tablet: Tablet, head: DeviceHead, content: Content): OpRow {
  const { schema = Math.max(1, tablet.schema), ...said } = content
  const author = authorAt(world, tablet, world.random)
  const envelope = {
    op_id: world.source.uuid(),
    ...author,
    base_seq: 0,
    ts_wall: tablet.now(),
    offset_ms: 0,
    ts_mono: 0,
    schema,
  }
  // The type is a word of another version, which only the wire knows.
  const draft = { ...said, store_id: tablet.storeId ?? '' } as Parameters<typeof sealOp>[0]
  const op = sealOp(draft, head, envelope, nodePorts.sha256)
  return { n: op.n, op, state: 'waiting', record_id: op.record_id }
}

/** Puts ops at the end of a tablet's outbox, as another version of the app would. */
async function inject(
  world: World,
  tablet: Tablet,
  contents: readonly Content[],
): Promise<OpRow[]> {
  const { db } = await tablet.local()
  const rows = await db.transaction('rw', db.op, db.meta, async () => {
    const known = await db.meta.get('head')
    if (!known) return []
    let head = known.value as DeviceHead
    const sealed = contents.map((content) => {
      const row = sealRow(world, tablet, head, content)
      head = headAfter(row.op)
      return row
    })
    await db.op.bulkAdd(sealed)
    await db.meta.put({ key: 'head', value: head })
    return sealed
  })
  world.touched.add(tablet)
  return rows
}

function badContents(world: World, tablet: Tablet, random: Random): Content[] {
  const home = tablet.storeId ?? ''
  const [id, known] = [world.source.uuid(), customersOnDisk(tablet.database)]
  const customer = known.length > 0 ? random.pick(known) : id
  const visit = { customer_id: null, home_store_id: null, purpose: 'juggling' }
  return [
    { kind: 'visit', record_id: id, type: 'visit', payload: visit },
    { kind: 'visit', record_id: id, type: 'set', payload: { need: 'of a visit nobody made' } },
    { kind: 'visit', record_id: id, type: 'visit', payload: {} },
    {
      kind: 'customer',
      record_id: customer,
      type: 'set',
      payload: { name: 7, home_store_id: home },
    },
    { kind: 'customer', record_id: id, type: 'create', payload: { name: 'X', home_store_id: id } },
    {
      kind: 'tagging',
      record_id: customer,
      type: 'tag+',
      payload: { tag_id: id, source: 'staff', home_store_id: home },
    },
  ]
}

/** An op that the server must refuse, and go on. */
export const poison: Act = async (world, tablet, random) => {
  const content = random.pick(badContents(world, tablet, random))
  const [row] = await inject(world, tablet, [content])
  if (!row) return NOTHING
  world.poison.add(row.op.op_id)
  return `${content.kind} ${content.type} as ${row.n}`
}

/** A group whose last op is refused: none of it may take effect. */
export const poisonGroup: Act = async (world, tablet, random) => {
  const [record_id, tx] = [world.source.uuid(), world.source.uuid()]
  const home_store_id = tablet.storeId ?? ''
  const tag = (tag_id: string): Content => {
    const payload = { tag_id, source: 'staff', home_store_id }
    return { kind: 'tagging', record_id, type: 'tag+', payload, tx }
  }
  const create = { kind: 'customer', record_id, type: 'create', tx }
  const contents: Content[] = [
    { ...create, payload: { name: `Group ${random.whole(0, 99)}`, home_store_id } },
    tag(random.pick(world.chain.tags)),
    tag(world.source.uuid()),
  ]
  const rows = await inject(world, tablet, contents)
  return `${rows.length} ops`
}

/** An op whose content changed after it was sealed, as by a bit that flipped on the disk. */
export const damaged: Act = async (world, tablet) => {
  const payload = { customer_id: null, home_store_id: null, purpose: 'browse', count: 1 }
  const content = { kind: 'visit', record_id: world.source.uuid(), type: 'visit', payload }
  const [row] = await inject(world, tablet, [content])
  if (!row) return NOTHING
  const { db } = await tablet.local()
  await db.op.put({ ...row, op: { ...row.op, payload: { ...payload, count: 2 } } })
  return `op ${row.n}`
}

/** An op of a version that does not exist yet. */
export const futureOp: Act = async (world, tablet) => {
  const payload = { points: 5 }
  const content = { kind: 'loyalty', record_id: world.source.uuid(), type: 'earn', payload }
  const [row] = await inject(world, tablet, [{ ...content, schema: SCHEMA + 1 }])
  return row ? `op ${row.n}` : NOTHING
}

/** A row of a kind that no tablet knows yet. */
export const futureRow: Act = async (world, tablet, random) => {
  const feed = random.chance(0.3) ? 'chain' : tablet.storeId
  if (!feed) return NOTHING
  const { ledger } = world.server
  const id = world.source.uuid()
  const feeds = new Feeds()
  feeds.put(feed, id, 'loyalty', { id, points: random.whole(1, 99) })
  await ledger.tx((db) => writeFeeds(ledger, db, feeds, world.now))
  world.server.handled += 1
  return `in ${feed.slice(-6)}`
}
