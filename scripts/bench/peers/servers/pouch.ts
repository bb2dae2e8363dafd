// express-pouchdb: CouchDB's protocol over LevelDB, as its README starts it. It speaks for PouchDB
// with its defaults, which do not flush to the disk at each write.
import { createRequire } from 'node:module'
import type { RequestListener } from 'node:http'
import { join, resolve } from 'node:path'
import type { Edit } from '../work.ts'
import { folders, listen, obey } from './child.ts'
import type { Order } from './orders.ts'

interface Doc {
  _id: string
}

interface Database {
  bulkDocs(docs: object[]): Promise<{ ok?: boolean }[]>
  allDocs(options: object): Promise<{ total_rows: number; rows: { id?: string; doc?: Doc }[] }>
  info(): Promise<{ doc_count: number }>
}

interface Express extends RequestListener {
  use(path: string, handle: unknown): void
}

/** What is used of packages that are no dependencies of the project; named where they are. */
interface Packages {
  PouchDB: { defaults(options: object): new (name: string) => Database }
  express: () => Express
  expressPouch: (database: unknown, options: object) => unknown
}

const { data, pages } = folders()

function load(): Packages {
  const packages = createRequire(join(resolve(process.argv[4] ?? ''), 'package.json'))
  return {
    PouchDB: packages('pouchdb') as Packages['PouchDB'],
    express: packages('express') as Packages['express'],
    expressPouch: packages('express-pouchdb') as Packages['expressPouch'],
  }
}

const { PouchDB, express, expressPouch } = load()
const Here = PouchDB.defaults({ prefix: `${resolve(data)}/` })
const customers = new Here('customers')
const visits = new Here('visits')
const options = { mode: 'minimumForPouchDB', inMemoryConfig: true, logPath: join(data, 'log.txt') }
const app = express()
app.use('/db', expressPouch(Here, options))

async function edit(edits: Edit[]): Promise<number> {
  const keys = edits.map((one) => one.id)
  const { rows } = await customers.allDocs({ keys, include_docs: true })
  const docs = rows.map(({ doc }, index) => {
    const { phone, last4 } = edits[index] ?? {}
    return { ...doc, phone, last4 }
  })
  const results = await customers.bulkDocs(docs)
  return results.filter((result) => result.ok).length
}

/** The id of a visit is the last part of its document's. */
async function held(wanted: string[]): Promise<number> {
  const { rows } = await visits.allDocs({})
  const known = new Set(rows.map((row) => row.id?.split(':')[2]))
  return wanted.filter((id) => known.has(id)).length
}

async function more(order: Order): Promise<object> {
  if (order.do !== 'count') return {}
  return { count: (await visits.info()).doc_count }
}

await Promise.all([customers.info(), visits.info()])
const url = await listen(pages, app)
await obey({ url }, { edit, held, more })
process.exit(0)
