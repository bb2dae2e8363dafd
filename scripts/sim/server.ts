// The server of the simulation: the real app over the real ledger. Its clock, its chance and its
// ids are the simulation's; it can be backed up, set back to a backup, and started again.
import { createHash } from 'node:crypto'
import type { Accounts } from '#api/accounts.ts'
import { createApp } from '#api/app.ts'
import type { Deps } from '#api/deps.ts'
import { createLog } from '#api/log.ts'
import type { NameKey } from '#model/customer.ts'
import type { Ledger } from '#sql/ledger.ts'
import { openLedger } from '#sql/open-ledger.ts'
import { nodePorts, type Ports, readName } from '#sql/ports.ts'
import type { Answer, Message } from './network.ts'
import type { Storage } from './storage.ts'

/** What the simulation gives the server. */
export interface Source {
  now(): number
  uuid(): string
  bytes(count: number): Uint8Array
}

export const SECRET = 'a secret of the simulation, 32 or more'

const names = new Map<string, NameKey>()

/** The reading of a name never changes and the table is slow; it is shared by all runs. */
function readNameOnce(name: string): NameKey {
  let key = names.get(name)
  if (!key) names.set(name, (key = readName(name)))
  return key
}

export function portsOf(source: Source): Ports {
  return { ...nodePorts, readName: readNameOnce, uuid: () => source.uuid() }
}

type App = ReturnType<typeof createApp>

export class Server {
  readonly storage: Storage
  readonly #source: Source
  readonly #accounts: Accounts
  #ledger: Ledger | null = null
  #app: App | null = null
  /** Requests handled since the last look: the ledger may have changed. */
  handled = 0
  /** Looks at the ledger after each request, before the next one can write to it. */
  afterRequest: () => Promise<void> = () => Promise.resolve()

  constructor(storage: Storage, accounts: Accounts, source: Source) {
    this.storage = storage
    this.#accounts = accounts
    this.#source = source
  }

  get ledger(): Ledger {
    if (!this.#ledger) throw new Error('the server is not started')
    return this.#ledger
  }

  async start(): Promise<void> {
    this.#ledger = await openLedger(this.storage.url, portsOf(this.#source))
    const deps: Deps = {
      ledger: this.#ledger,
      accounts: this.#accounts,
      files: new Map(),
      clock: () => this.#source.now(),
      random: (count) => this.#source.bytes(count),
      log: createLog('silent'),
      secret: SECRET,
      publicOrigin: null,
      isHttps: false,
      trustsProxy: false,
    }
    this.#app = createApp(deps)
    this.handled += 1
  }

  async stop(): Promise<void> {
    await this.#ledger?.close()
    this.#ledger = null
    this.#app = null
  }

  async handle(asked: Pick<Message, 'method' | 'path' | 'headers' | 'body'>): Promise<Answer> {
    if (!this.#app) throw new Error('the server is not started')
    const { method, path, headers, body } = asked
    this.handled += 1
    const answer = await this.#app.request(path, {
      method,
      headers,
      ...(body === undefined ? {} : { body }),
    })
    const bytes = new Uint8Array(await answer.arrayBuffer())
    await this.afterRequest()
    return { status: answer.status, headers: [...answer.headers.entries()], body: bytes }
  }
}

const decoder = new TextDecoder()

/** An answer's JSON; null when it is none. */
export function jsonOf({ body }: Answer): unknown {
  try {
    return JSON.parse(decoder.decode(body))
  } catch {
    return null
  }
}

export function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
