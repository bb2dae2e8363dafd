// The network between tablets and server, message by message. A request waits until the schedule
// lets it arrive, and so does its answer; either may be lost, cut, forged by somebody in between,
// or come twice. Nothing here knows the protocol but the name of its header.
import { PROTOCOL, PROTOCOL_HEADER } from '#model/protocol.ts'

export interface Answer {
  status: number
  headers: [string, string][]
  body: Uint8Array
}

/** A running app on a tablet: it dies with a crash, and its requests are then nobody's. */
export interface Life {
  isAlive: boolean
}

/** Who asks: the index of a tablet, which of its tabs, in which life. */
export interface Origin {
  tablet: number
  tab: number
  life: Life
}

export interface Message extends Origin {
  no: number
  method: string
  path: string
  headers: Record<string, string>
  body: string | undefined
  /** `asked` on its way there, `answered` on its way back, `lost` for good. */
  phase: 'asked' | 'answered' | 'lost'
  answer: Answer | null
  /** When the tablet gives up waiting, in ms. */
  until: number
  /** A repetition made by the network: nobody waits for its answer. */
  isEcho: boolean
  settle(answer: Answer | null): void
}

export interface Timer {
  due: number
  life: Life
  fire(): void
}

export const FAULTS = [
  'lose-request',
  'lose-answer',
  'echo',
  'cut',
  'portal',
  'bad-gateway',
  'too-large',
  'too-many',
  'busy',
] as const
export type NetFault = (typeof FAULTS)[number]

export const TIMEOUT_MS = 30_000
const encoder = new TextEncoder()

function madeUp(status: number, type: string, text: string, own = false, more = {}): Answer {
  const headers = { 'content-type': type, ...(own ? OWN : {}), ...more }
  return { status, headers: Object.entries(headers), body: encoder.encode(text) }
}

const OWN = { [PROTOCOL_HEADER]: String(PROTOCOL) }
const PROBLEM = 'application/problem+json'

/** What stands in for the server's answer when something in between speaks. */
export function forged(fault: NetFault): Answer | null {
  if (fault === 'portal') return madeUp(200, 'text/html', '<html>Sign in to the free Wi-Fi</html>')
  if (fault === 'bad-gateway') return madeUp(502, 'text/html', '<h1>502 Bad Gateway</h1>')
  if (fault === 'too-large') return madeUp(413, PROBLEM, '{"code":"too-large"}', true)
  const wait = { 'retry-after': '7' }
  if (fault === 'too-many') return madeUp(429, PROBLEM, '{"code":"too-many"}', true, wait)
  if (fault === 'busy') return madeUp(503, PROBLEM, '{"code":"busy"}', true, wait)
  return null
}

function responseOf({ status, headers, body }: Answer): Response {
  return new Response(new Uint8Array(body), { status, headers })
}

export class Network {
  readonly queue: Message[] = []
  readonly timers: Timer[] = []
  #asked = 0

  /** The `fetch` of one life of a tablet. `cookie` gives what its browser would send. */
  fetchOf(from: Origin, cookie: () => string, now: () => number): typeof fetch {
    const { life } = from
    return (input, options) =>
      new Promise((resolve, reject) => {
        const fail = () => reject(new TypeError('network'))
        if (!life.isAlive) return fail()
        const headers = { ...headersOf(options), cookie: cookie() }
        this.queue.push({
          no: (this.#asked += 1),
          ...from,
          method: options?.method ?? 'GET',
          path: String(input),
          headers,
          body: typeof options?.body === 'string' ? options.body : undefined,
          phase: 'asked',
          answer: null,
          until: now() + TIMEOUT_MS,
          isEcho: false,
          settle: (answer) => (answer ? resolve(responseOf(answer)) : fail()),
        })
      })
  }

  sleepOf(life: Life, now: () => number): (ms: number) => Promise<void> {
    return (ms) =>
      new Promise((resolve) => {
        this.timers.push({ due: now() + ms, life, fire: resolve })
      })
  }

  /** Lets a request arrive a second time, later; whoever asked hears of the first answer only. */
  echo(message: Message): void {
    const settle = () => undefined
    this.queue.push({ ...message, no: (this.#asked += 1), isEcho: true, answer: null, settle })
  }

  remove(message: Message): void {
    const at = this.queue.indexOf(message)
    if (at >= 0) this.queue.splice(at, 1)
  }

  /** A life ended: what is on its way to the server may still arrive, nothing comes back. */
  abandon(life: Life): void {
    for (const message of [...this.queue]) {
      if (message.life !== life) continue
      if (message.phase === 'asked')
        Object.assign(message, { isEcho: true, settle: () => undefined })
      else this.remove(message)
    }
    this.timers.splice(0, Infinity, ...this.timers.filter((timer) => timer.life !== life))
  }

  /** Takes out the earliest of what is due: a timer, or a request that nobody answers. */
  takeDue(now: number): (() => void) | null {
    const timer = earliest(this.timers, (one) => one.due, now)
    const lost = earliest(
      this.queue.filter((one) => !one.isEcho),
      (one) => one.until,
      now,
    )
    if (lost && lost.until < (timer?.due ?? Infinity)) {
      // The server may still be asked: only the tablet has given up.
      if (lost.phase === 'asked') this.echo(lost)
      this.remove(lost)
      return () => lost.settle(null)
    }
    if (!timer) return null
    this.timers.splice(this.timers.indexOf(timer), 1)
    return timer.fire
  }

  /** When one of a life's timers or time-outs comes next; null when none does. */
  nextDue(life: Life): number | null {
    const times = [
      ...this.timers.filter((one) => one.life === life).map((one) => one.due),
      ...this.queue.filter((one) => one.life === life && !one.isEcho).map((one) => one.until),
    ]
    return times.length === 0 ? null : Math.min(...times)
  }
}

function earliest<T>(list: readonly T[], dueOf: (item: T) => number, now: number): T | null {
  let found: T | null = null
  for (const item of list)
    if (dueOf(item) <= now && (found === null || dueOf(item) < dueOf(found))) found = item
  return found
}

function headersOf(options: RequestInit | undefined): Record<string, string> {
  return Object.fromEntries(new Headers(options?.headers).entries())
}
