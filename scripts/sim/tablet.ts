// One tablet of the simulation: a disk, a cookie, a clock that may be wrong, and while it is on
// the real app, in one tab or two. A crash ends the app between two transactions; disk and cookie
// stay as they were.
import { OLDEST_SERVED_SCHEMA, SCHEMA } from '#model/op.ts'
import { nodePorts } from '#sql/ports.ts'
import { type Local, openLocal } from '#web/local/database.ts'
import { Engine } from '#web/sync/engine.ts'
import type { CycleOutcome } from '#web/sync/schedule.ts'
import { HttpTransport } from '#web/sync/transport.ts'
import { speaking } from './app-version.ts'
import { isOnDisk, metaOnDisk } from './disk.ts'
import { diskFault, mendDisk } from './disk-faults.ts'
import type { Answer, Life, Network } from './network.ts'

/** What a tablet finds around it. */
export interface Surroundings {
  network: Network
  now(): number
  uuid(at: number): string
}

/** One cycle of one tab. */
export interface Run {
  isDone: boolean
  outcome: CycleOutcome | null
  /** Set when the cycle threw, which only a bug or a power cut makes it do. */
  error: unknown
}

/** A tab: its own connection to the database and its own engine. */
interface Tab {
  local: Local
  engine: Engine
  transport: HttpTransport
  run: Run | null
}

export type TabNo = 0 | 1

export class Tablet {
  readonly index: number
  readonly database: string
  readonly #around: Surroundings
  cookie = ''
  skewMs = 0
  /** What its app speaks; see `app-version.ts`. */
  schema: number = SCHEMA
  /** When somebody set its clock last, in true time. */
  clockSetAt = -Infinity
  /** False: two tabs sync at once, as when the browser has no locks. */
  takesTurns = true
  life: Life = { isAlive: true }
  #tabs: (Tab | null)[] = [null, null]
  #isSyncing = false
  /** Things that no tablet may do, found by itself. */
  readonly faults: string[] = []
  /** Counts the disks it had: what one knew another need not know. */
  diskNo = 0

  constructor(index: number, database: string, around: Surroundings) {
    this.index = index
    this.database = database
    this.#around = around
  }

  /** Keeps the cookie that an answer sets. */
  takeCookie(answer: Answer): void {
    const set = answer.headers.filter(([name]) => name === 'set-cookie').map(([, value]) => value)
    if (set.length > 0) this.cookie = set.map((one) => one.split(';', 1)[0] ?? '').join('; ')
  }

  get name(): string {
    return `t${this.index}`
  }

  /** The device as the disk has it. */
  get device() {
    return metaOnDisk(this.database, 'device')
  }

  get storeId(): string | null {
    return this.device?.store_id ?? null
  }

  now(): number {
    return this.#around.now() + this.skewMs
  }

  setClock(skewMs: number): void {
    this.skewMs = skewMs
    this.clockSetAt = this.#around.now()
  }

  get isServed(): boolean {
    return this.schema >= OLDEST_SERVED_SCHEMA
  }

  get isOn(): boolean {
    return this.#tabs[0] !== null
  }

  async tab(no: TabNo): Promise<Tab> {
    const known = this.#tabs[no]
    if (known) return known
    const { life } = this
    const { network } = this.#around
    const deps = {
      now: () => this.now(),
      monotonic: () => Math.max(0, this.#around.now() - 1.7e12),
      uuid: () => this.#around.uuid(this.now()),
      sha256: nodePorts.sha256,
    }
    const local = await openLocal(deps, this.database)
    const from = { tablet: this.index, tab: no, life }
    const send = network.fetchOf(from, () => this.cookie, this.#around.now)
    const fetch = speaking(send, () => this.schema)
    const transport = new HttpTransport({ fetch, now: deps.now })
    const engine = new Engine({
      local,
      transport,
      appVersion: 'simulated',
      storage: () => Promise.resolve({ usage: 1, quota: 2, persisted: true }),
      sleep: network.sleepOf(life, this.#around.now),
      exclusively: (work) => this.#takingTurns(work),
      onPhase: () => undefined,
    })
    const tab: Tab = { local, engine, transport, run: null }
    this.#tabs[no] = tab
    return tab
  }

  async local(): Promise<Local> {
    return (await this.tab(0)).local
  }

  async #takingTurns(work: () => Promise<void>): Promise<void> {
    if (this.takesTurns && this.#isSyncing) return
    this.#isSyncing = true
    try {
      await work()
    } finally {
      this.#isSyncing = false
    }
  }

  /** Begins a cycle; null while one is under way in this tab. */
  async start(no: TabNo): Promise<Run | null> {
    const tab = await this.tab(no)
    if (tab.run && !tab.run.isDone) return null
    const run: Run = { isDone: false, outcome: null, error: null }
    tab.run = run
    const { life } = this
    tab.engine.cycle().then(
      (outcome) => Object.assign(run, { isDone: true, outcome }),
      (error: unknown) => {
        Object.assign(run, { isDone: true, error })
        if (life.isAlive && !diskFault(this.database).isDown) this.faults.push(describe(error))
      },
    )
    return run
  }

  get isSyncing(): boolean {
    return this.#tabs.some((tab) => tab?.run && !tab.run.isDone)
  }

  /** Ends the app at once, whatever it was doing; the disk stays. */
  crash(): void {
    this.life.isAlive = false
    this.#around.network.abandon(this.life)
    for (const tab of this.#tabs) tab?.local.close()
    this.#tabs = [null, null]
    this.#isSyncing = false
    this.life = { isAlive: true }
    mendDisk(this.database)
  }

  get hasDisk(): boolean {
    return isOnDisk(this.database)
  }
}

/** An error as a line of the trace; its first frame says where. */
export function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const frame = (error.stack ?? '')
    .split('\n')
    .find((line) => /^\s+at .*\/(web|db|api|scripts)\//.test(line))
  return `${error.name}: ${error.message}${frame ? ` (${frame.trim().replace(/\S*\/main\//, '')})` : ''}`
}
