// Everything that a run has: the server, the tablets, the network between them, the time, and the
// chance of the step that is being taken. One thing happens at a time, and each is waited for
// until all tablets are at rest, so the same seed always tells the same story.
import { createHash } from 'node:crypto'
import { type Random, seededRandom, uuid7 } from '../demo/random.ts'
import { untilQuiet } from './browser.ts'
import type { Chain } from './chain-plan.ts'
import { type Answer, forged, type Life, type Message, Network, type NetFault } from './network.ts'
import type { Asked, Rule } from './rule.ts'
import { jsonOf, type Server, type Source } from './server.ts'
import { Tablet, type TabNo } from './tablet.ts'
import { summaryOf } from './trace.ts'

const ROUNDS_MAX = 300

export class World {
  readonly network = new Network()
  readonly tablets: Tablet[] = []
  readonly source: Source
  now = 0
  random: Random = seededRandom('before')
  chain!: Chain
  server!: Server
  /** Takes one rule of the protocol away; null: all are in force. */
  rule: Rule<World> | null = null
  /** Violations found so far; a run ends at the first. */
  readonly violations: string[] = []
  readonly counts = new Map<string, number>()
  readonly lines: string[] = []
  keepsLines = false
  /** Checks the invariants amid a step; a step in which one thing undoes another calls it. */
  look: () => Promise<void> = () => Promise.resolve()
  readonly backups: string[] = []
  /** Counts restores of the server: what it knew before need not be known after. */
  serverNo = 0
  #hash = createHash('sha256')
  /** Ops that the app itself wrote, so that its screens must show them. */
  readonly saved = new Set<string>()
  /** Ops that the server must refuse. */
  readonly poison = new Set<string>()
  /** Ops that a person at the desk decided about. */
  readonly decided = new Set<string>()
  /** Those that are at their end: nobody has to keep them. */
  readonly dismissed = new Set<string>()
  /** Customers who were erased, with a text that only they had. */
  readonly erased = new Map<string, string[]>()
  /** Tablets that something happened to since the last check. */
  readonly touched = new Set<Tablet>()

  constructor() {
    this.source = {
      now: () => this.now,
      uuid: () => uuid7(this.now, this.random),
      bytes: (count) => Uint8Array.from({ length: count }, () => this.random.whole(0, 255)),
    }
  }

  count(what: string): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + 1)
  }

  note(line: string): void {
    this.#hash.update(`${line}\n`)
    if (this.keepsLines) this.lines.push(line)
  }

  /** The hash of all that was noted so far. */
  traceHash(): string {
    return this.#hash.copy().digest('hex')
  }

  fail(what: string): void {
    if (this.violations.length === 0) this.note(`VIOLATION ${what}`)
    this.violations.push(what)
  }

  addTablet(database: string): Tablet {
    const tablet = new Tablet(this.tablets.length, database, {
      network: this.network,
      now: () => this.now,
      uuid: (at) => uuid7(at, this.random),
    })
    this.tablets.push(tablet)
    return tablet
  }

  /** Customers who were erased at any time, on any server. */
  readonly everErased = new Set<string>()

  /** A ledger that was lost whole takes its erasures along: somebody must ask for them again. */
  forgetErasures(): void {
    this.erased.clear()
  }

  /** Lets time pass, and everything that was waiting for it happen. */
  async passUntil(time: number): Promise<void> {
    this.now = Math.max(this.now, time)
    for (let due = this.network.takeDue(this.now); due; due = this.network.takeDue(this.now)) {
      due()
      await untilQuiet()
    }
  }

  /** Asks the server directly, as a person at the desk does; nothing of this is lost. */
  async ask(method: string, path: string, cookie: string, body?: object): Promise<Answer> {
    const type: Record<string, string> = body ? { 'content-type': 'application/json' } : {}
    const headers = { cookie, ...type }
    const text = body === undefined ? undefined : JSON.stringify(body)
    return this.server.handle({ method, path, headers, body: text })
  }

  /** Moves one message one step on its way, with what may happen to it there. */
  async deliver(message: Message, fault: NetFault | null): Promise<void> {
    const { network } = this
    const label = `#${message.no} t${message.tablet} ${message.path}`
    if (fault) this.count(`net ${fault}`)
    if (message.phase === 'asked') {
      await this.#arrive(message, fault, label)
    } else if (message.phase === 'answered') {
      if (fault === 'lose-answer') {
        message.phase = 'lost'
        this.note(`${label} answer lost`)
        return
      }
      network.remove(message)
      const answer = (await this.rule?.receive?.(this, message)) ?? message.answer
      this.#settle(message, fault === 'cut' ? cutShort(answer) : answer)
      this.note(`${label} ${fault ?? 'received'}`)
      await untilQuiet()
      await this.rule?.afterAnswer?.(this, message)
    }
  }

  async #arrive(message: Message, fault: NetFault | null, label: string): Promise<void> {
    const { network } = this
    if (fault === 'lose-request') {
      message.phase = 'lost'
      if (message.isEcho) network.remove(message)
      this.note(`${label} lost`)
      return
    }
    if (fault === 'echo') network.echo(message)
    const fake = fault ? forged(fault) : null
    // A proxy may give up on a request that has reached the server all the same.
    if (!fake || this.random.chance(0.3)) message.answer = await this.#serve(message)
    if (fake) message.answer = fake
    message.phase = 'answered'
    this.note(`${label} ${fault ?? 'asked'} ${message.isEcho ? 'echo ' : ''}${summaryOf(message)}`)
    if (message.isEcho) network.remove(message)
  }

  async #serve(message: Message): Promise<Answer> {
    const next = (asked: Asked) => this.server.handle(asked)
    const { rule } = this
    const answer = rule?.serve ? await rule.serve(this, message, next) : await next(message)
    if (answer.status === 500) this.fail(`server answered 500 to ${message.path}`)
    return answer
  }

  #settle(message: Message, answer: Answer | null): void {
    const tablet = this.tablets[message.tablet]
    if (tablet) this.touched.add(tablet)
    if (!message.life.isAlive) return
    // A browser keeps the cookie as soon as the head of an answer has come.
    if (tablet && answer) tablet.takeCookie(answer)
    message.settle(answer)
  }

  /** Runs a cycle of a tablet from its beginning to its end; null when one is under way. */
  async sync(tablet: Tablet, no: TabNo, faultOf: () => NetFault | null): Promise<void> {
    const { life } = tablet
    const run = await tablet.start(no)
    this.touched.add(tablet)
    await untilQuiet()
    for (let round = 0; run && !run.isDone && life.isAlive; round += 1) {
      if (round > ROUNDS_MAX) return this.fail(`a cycle of ${tablet.name} does not end`)
      const isBroken = await this.#goOn(life, no, faultOf)
      if (isBroken) return
    }
  }

  /** The oldest message of a life moves on, or time passes until something happens to it. */
  async #goOn(life: Life, no: TabNo, faultOf: () => NetFault | null): Promise<boolean> {
    const { network } = this
    const mine = (one: Message) => one.life === life && one.tab === no && isMoving(one)
    const message = network.queue.find(mine)
    if (message) await this.deliver(message, faultOf())
    else {
      const due = network.nextDue(life)
      if (due === null) return true
      await this.passUntil(due)
    }
    await this.passUntil(this.now)
    return false
  }

  /** What the server says to a tablet outside of its sync; null when it refuses. */
  async json(method: string, path: string, cookie: string, body?: object): Promise<unknown> {
    const answer = await this.ask(method, path, cookie, body)
    return answer.status < 300 ? jsonOf(answer) : null
  }
}

/** On its way to somebody who waits for it. */
export function isMoving({ isEcho, phase }: Message): boolean {
  return !isEcho && phase !== 'lost'
}

function cutShort(answer: Answer | null): Answer | null {
  return answer && { ...answer, body: answer.body.slice(0, Math.floor(answer.body.length / 2)) }
}
