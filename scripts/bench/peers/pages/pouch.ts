// PouchDB with a CouchDB-compatible server, used in its favour: two databases, batches of 1,000,
// one index per look-up over the customers only, visits found by a range of ids.
import type { Contender, Found, PastVisit } from '../contender.ts'

interface Doc {
  _id: string
  _rev?: string
}

interface CustomerDoc extends Doc {
  name: string
  phone: string
  last4: string
  py: string
}

interface VisitDoc extends Doc {
  c: string
  at: number
}

interface Replication extends Promise<{ docs_written: number }> {
  on(event: 'change', take: (info: { docs_written: number }) => void): Replication
}

interface Database<T extends Doc> {
  replicate: {
    from(other: Database<T>, options: object): Replication
    to(other: Database<T>, options: object): Replication
  }
  createIndex(index: object): Promise<unknown>
  find(query: object): Promise<{ docs: T[] }>
  put(doc: T): Promise<unknown>
  allDocs(options: object): Promise<{ total_rows: number; rows: { id: string; doc: T }[] }>
  info(): Promise<{ doc_count: number }>
}

declare const PouchDB: new <T extends Doc>(name: string, options?: object) => Database<T>

const BATCH = { batch_size: 1000 }
const adapter = new URLSearchParams(location.search).get('adapter') ?? 'idb'

let customers: Database<CustomerDoc> | null = null
let visits: Database<VisitDoc> | null = null

function opened() {
  if (!customers || !visits) throw new Error('the databases are not open')
  return { customers, visits }
}

function remote<T extends Doc>(name: string): Database<T> {
  return new PouchDB<T>(`${location.origin}/db/${name}`, { skip_setup: true })
}

/** Time-ordered within a customer, so that a history is one range of ids. */
function visitId(c: string, at: number, id: string): string {
  return `${c}:${String(at)}:${id}`
}

export const contender: Contender = {
  async open() {
    customers = new PouchDB<CustomerDoc>('customers', { adapter })
    visits = new PouchDB<VisitDoc>('visits', { adapter })
    await Promise.all([customers.info(), visits.info()])
  },
  async bootstrap(on500) {
    const { customers, visits } = opened()
    await customers.replicate
      .from(remote<CustomerDoc>('customers'), BATCH)
      .on('change', ({ docs_written }) => {
        if (docs_written >= 500) on500()
      })
    await visits.replicate.from(remote<VisitDoc>('visits'), BATCH)
    await customers.createIndex({ index: { fields: ['last4'], name: 'last4', ddoc: 'last4' } })
    await customers.createIndex({ index: { fields: ['py'], name: 'py', ddoc: 'py' } })
    await this.find({ kind: 'last4', text: '0000' }, 1)
    await this.find({ kind: 'py', text: 'zz' }, 1)
  },
  async find({ kind, text }, limit) {
    const selector =
      kind === 'last4' ? { last4: text } : { py: { $gte: text, $lt: `${text}\ufff0` } }
    const { docs } = await opened().customers.find({ selector, limit, use_index: kind })
    return docs.map((doc): Found => ({ id: doc._id, name: doc.name, phone: doc.phone }))
  },
  async visitsOf(id) {
    const range = { startkey: `${id}:\ufff0`, endkey: `${id}:`, descending: true }
    const { rows } = await opened().visits.allDocs({ ...range, include_docs: true })
    return rows.map((row): PastVisit => ({ id: row.id.split(':')[2] ?? '', at: row.doc.at }))
  },
  async write(c, id) {
    const at = Date.now()
    await opened().visits.put({ _id: visitId(c, at, id), c, at })
    return id
  },
  async flush() {
    await opened().visits.replicate.to(remote<VisitDoc>('visits'), BATCH)
  },
  async pull(isThere) {
    await opened().customers.replicate.from(remote<CustomerDoc>('customers'), BATCH)
    if (!(await isThere())) throw new Error('the change did not come')
  },
  async counts() {
    const { customers, visits } = opened()
    const [shops, seen] = await Promise.all([customers.allDocs({ limit: 0 }), visits.info()])
    const indexes = await customers.allDocs({ startkey: '_design/', endkey: '_design/\ufff0' })
    return { customers: shops.total_rows - indexes.rows.length, visits: seen.doc_count }
  },
}
