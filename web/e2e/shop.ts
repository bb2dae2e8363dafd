import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Verified } from './verify.ts'

const SERVER = fileURLToPath(new URL('./shop-server.ts', import.meta.url))

interface ShopInfo {
  url: string
  stores: string[]
  regions: string[]
  people: string[]
  tags: string[]
}

/** A test's own server with its own chain. */
export interface Shop extends ShopInfo {
  code(store: number): Promise<string>
  /** Headquarters gives a person these stores (numbers as in `stores`). */
  assign(person: number, stores: number[]): Promise<void>
  /** Adds nine stores with half a year of history; the last fell silent. Their ids. */
  grow(): Promise<string[]>
  /** Gives a store sixty steady weeks, the last with half its visits; and a lost regular. */
  plantBreak(store: number): Promise<void>
  /** Opens a store near the first; three customers go there, one to the second. Its id. */
  sendAway(): Promise<string>
  /** Gives both stores regulars of two years, and somebody in every line of the statement. */
  tellYears(): Promise<void>
  verify(): Promise<Verified>
  close(): Promise<void>
}

/** Lines of the server's output, one answer each, in the order of the orders. */
function answersOf(child: ChildProcessWithoutNullStreams) {
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  return async <T>(): Promise<T> => {
    const { value, done } = await lines.next()
    if (done) throw new Error('the test server ended; its errors stand above')
    return JSON.parse(value) as T
  }
}

/** Opens a shop whose first store knows this many customers, where 40 are not enough. */
export async function openShop(customers?: number): Promise<Shop> {
  const args = [SERVER, ...(customers === undefined ? [] : [String(customers)])]
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'pipe'] })
  child.stderr.pipe(process.stderr)
  const answer = answersOf(child)
  const info = await answer<ShopInfo>()
  const order = <T>(what: object): Promise<T> => {
    child.stdin.write(`${JSON.stringify(what)}\n`)
    return answer<T>()
  }
  return {
    ...info,
    code: async (store) => {
      const given = await order<{ code: string }>({ do: 'code', store_id: info.stores[store] })
      return given.code
    },
    assign: async (person, stores) => {
      const store_ids = stores.map((store) => info.stores[store])
      await order({ do: 'assign', staff_id: info.people[person], store_ids })
    },
    grow: async () => (await order<{ stores: string[] }>({ do: 'grow' })).stores,
    plantBreak: async (store) => {
      await order({ do: 'break', store_id: info.stores[store] })
    },
    sendAway: async () => (await order<{ store: string }>({ do: 'away' })).store,
    tellYears: async () => {
      await order({ do: 'years' })
    },
    verify: () => order<Verified>({ do: 'verify' }),
    close: () =>
      new Promise((resolve) => {
        child.once('exit', () => resolve())
        child.stdin.end()
      }),
  }
}
