// RxDB over Dexie with its checkpoint replication, used in its favour: batches of 1,000 (100 is the
// documented default), one page only, indexes on what is asked for.
import { createRxDatabase, type RxCollection } from 'rxdb/plugins/core'
import { type ReplicationOptions, replicateRxCollection } from 'rxdb/plugins/replication'
import { getRxStorageDexie } from 'rxdb/plugins/storage-dexie'
import type { Contender } from '../contender.ts'

interface CustomerDoc {
  id: string
  name: string
  py: string
  ini: string
  phone: string
  last4: string
  birthday: string
  gender: string
  tier: string
  tags: string[]
  at: number
}

interface VisitDoc {
  id: string
  c: string
  at: number
  purpose: string
  spend: number
  items: number
}

const BATCH = 1000
const text = { type: 'string', maxLength: 100 }
const number = { type: 'number' }

const customerSchema = {
  version: 0,
  primaryKey: 'id',
  type: 'object',
  properties: {
    ...{ id: text, name: text, py: text, ini: text, phone: text, last4: text },
    ...{ birthday: text, gender: text, tier: text, at: number },
    tags: { type: 'array', items: { type: 'string' } },
  },
  required: ['id', 'name', 'py', 'last4'],
  indexes: ['last4', 'py'],
}

const visitSchema = {
  version: 0,
  primaryKey: 'id',
  type: 'object',
  properties: { id: text, c: text, at: number, purpose: text, spend: number, items: number },
  required: ['id', 'c', 'at'],
  indexes: ['c'],
}

let customers: RxCollection<CustomerDoc> | null = null
let visits: RxCollection<VisitDoc> | null = null

function opened() {
  if (!customers || !visits) throw new Error('the database is not open')
  return { customers, visits }
}

async function ask<T>(path: string, body: object): Promise<T> {
  const answer = await fetch(path, { method: 'POST', body: JSON.stringify(body) })
  return answer.json() as Promise<T>
}

/** One run of the replication in both directions, from where the last one ended. */
async function replicate<T>(
  collection: RxCollection<T>,
  name: string,
  onReceived: (count: number) => void = () => undefined,
): Promise<void> {
  const options: ReplicationOptions<T> = {
    collection,
    replicationIdentifier: `bench-${name}`,
    live: false,
    waitForLeadership: false,
    pull: {
      batchSize: BATCH,
      handler: (checkpoint, limit) => ask(`/rxdb/pull/${name}`, { checkpoint, limit }),
    },
    push: { batchSize: BATCH, handler: (rows) => ask(`/rxdb/push/${name}`, { rows }) },
  }
  const replication = replicateRxCollection<T>(options)
  let failure: Error | null = null
  let received = 0
  replication.error$.subscribe((error) => (failure = error))
  replication.received$.subscribe(() => onReceived((received += 1)))
  await replication.awaitInitialReplication()
  if (failure) throw new Error(String(failure))
  await replication.cancel()
}

export const contender: Contender = {
  async open() {
    const db = await createRxDatabase({
      name: 'rxdb',
      storage: getRxStorageDexie(),
      multiInstance: false,
      eventReduce: true,
    })
    type Made = { customers: RxCollection<CustomerDoc>; visits: RxCollection<VisitDoc> }
    const schemas = { customers: { schema: customerSchema }, visits: { schema: visitSchema } }
    const made = await db.addCollections<Made>(schemas)
    customers = made.customers
    visits = made.visits
  },
  async bootstrap(on500) {
    const { customers, visits } = opened()
    await replicate(customers, 'customers', (count) => {
      if (count >= 500) on500()
    })
    await replicate(visits, 'visits')
  },
  async find({ kind, text }, limit) {
    const selector =
      kind === 'last4' ? { last4: text } : { py: { $gte: text, $lt: `${text}\uffff` } }
    const found = await opened().customers.find({ selector, limit }).exec()
    return found.map(({ id, name, phone }) => ({ id, name, phone }))
  },
  async visitsOf(id) {
    const found = await opened()
      .visits.find({ selector: { c: id } })
      .exec()
    return found.map(({ id, at }) => ({ id, at })).sort((a, b) => b.at - a.at)
  },
  async write(c, id) {
    const visit = { id, c, at: Date.now(), purpose: 'buy', spend: 0, items: 0 }
    await opened().visits.insert(visit)
    return id
  },
  async flush() {
    await replicate(opened().visits, 'visits')
  },
  async pull(isThere) {
    await replicate(opened().customers, 'customers')
    if (!(await isThere())) throw new Error('the change did not come')
  },
  async counts() {
    const { customers, visits } = opened()
    const [people, seen] = await Promise.all([customers.count().exec(), visits.count().exec()])
    return { customers: people, visits: seen }
  },
}
