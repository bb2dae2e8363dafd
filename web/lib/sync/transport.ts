// The only place of the sync that knows HTTP. An answer counts only when it carries the protocol's
// header, is of the right type and has the right shape: a hotel's sign-in page also says 200.
import { SCHEMA } from '#model/op.ts'
import {
  type ChainCustomerReply,
  type ChainSearchReply,
  type ClerksReply,
  type EmptiedReply,
  type EnrolReply,
  type ErasedReply,
  type Manifest,
  PROTOCOL,
  PROTOCOL_HEADER,
  type Pull,
  type PullReply,
  type Push,
  type PushReply,
  type Renew,
  type RenewReply,
  type SelfReply,
} from '#model/protocol.ts'
import * as answers from './answers.ts'

/** Why there is no answer to a request. */
export type TransportFault =
  | 'offline' // Nobody answered, or the answer was cut.
  | 'sign-in-page' // Something else answered in the server's place.
  | 'server' // The server failed, or does not speak this protocol.
  | 'busy' // The server asks to wait; `retryAfterMs` says how long.
  | 'too-large'
  | 'no-session' // The device's cookie is gone.
  | 'revoked' // Headquarters shut the device out.
  | 'other-device' // The cookie is another device's: this database is a copy.
  | 'update-needed' // Only newer versions of the app are served.
  | 'not-found'
  | 'refused' // Any other refusal; `code` is the server's.

export class TransportError extends Error {
  readonly fault: TransportFault
  readonly code: string | null
  readonly retryAfterMs: number | null

  constructor(
    fault: TransportFault,
    code: string | null = null,
    retryAfterMs: number | null = null,
  ) {
    super(code === null ? fault : `${fault}: ${code}`)
    this.name = 'TransportError'
    this.fault = fault
    this.code = code
    this.retryAfterMs = retryAfterMs
  }
}

/** What the engine asks of the server. Every method throws TransportError and nothing else. */
export interface Transport {
  push(body: Push): Promise<PushReply>
  pull(body: Pull): Promise<PullReply>
  manifest(): Promise<Manifest>
  part(seq: number, no: number): Promise<Uint8Array>
  clerks(): Promise<ClerksReply>
  /** Which of these customers were erased; at most ERASED_ASK_MAX of them. */
  erased(customers: readonly string[]): Promise<ErasedReply>
  /** Whose cookie this browser holds. */
  self(): Promise<SelfReply>
  /** Another name for this device; the answer changes the cookie. */
  renew(body: Renew): Promise<RenewReply>
  /** Says that this device, which was shut out, holds nothing of its store any more. */
  emptied(): Promise<EmptiedReply>
}

export interface TransportDeps {
  fetch: typeof fetch
  now(): number
}

const TIMEOUT_MS = 30_000
const PART_TIMEOUT_MS = 60_000
const RETRY_AFTER_MS = 30_000
/** Says to routes without a body which version of rows this app reads. */
const SCHEMA_HEADER = 'x-regulars-schema'
const JSON_CONTENT = { 'content-type': 'application/json' }

interface Request {
  method: 'GET' | 'POST'
  body?: object
  type?: string
  timeoutMs?: number
}

/** The server as a tablet's pages and worker ask it. */
export class HttpTransport implements Transport {
  readonly #deps: TransportDeps

  constructor(deps: TransportDeps) {
    this.#deps = deps
  }

  push(body: Push): Promise<PushReply> {
    return this.#json('/api/sync/push', { method: 'POST', body }, answers.PushReply)
  }

  pull(body: Pull): Promise<PullReply> {
    return this.#json('/api/sync/pull', { method: 'POST', body }, answers.PullReply)
  }

  manifest(): Promise<Manifest> {
    return this.#json('/api/sync/snapshot', { method: 'GET' }, answers.Manifest)
  }

  clerks(): Promise<ClerksReply> {
    return this.#json('/api/sync/clerks', { method: 'GET' }, answers.ClerksReply)
  }

  erased(customers: readonly string[]): Promise<ErasedReply> {
    const request: Request = { method: 'POST', body: { customers } }
    return this.#json('/api/sync/erased', request, answers.ErasedReply)
  }

  self(): Promise<SelfReply> {
    return this.#json('/api/devices/self', { method: 'GET' }, answers.SelfReply)
  }

  renew(body: Renew): Promise<RenewReply> {
    return this.#json('/api/devices/renew', { method: 'POST', body }, answers.RenewReply)
  }

  emptied(): Promise<EmptiedReply> {
    return this.#json('/api/devices/emptied', { method: 'POST', body: {} }, answers.EmptiedReply)
  }

  async part(seq: number, no: number): Promise<Uint8Array> {
    const type = 'application/octet-stream'
    const request: Request = { method: 'GET', type, timeoutMs: PART_TIMEOUT_MS }
    const answer = await this.#ask(`/api/sync/part/${seq}/${no}`, request)
    return new Uint8Array(await arrived(answer.arrayBuffer()))
  }

  enrol(code: string): Promise<EnrolReply> {
    const request: Request = { method: 'POST', body: { code } }
    return this.#json('/api/devices/enrol', request, answers.EnrolReply)
  }

  searchChain(query: string): Promise<ChainSearchReply> {
    const path = `/api/customers?q=${encodeURIComponent(query)}`
    return this.#json(path, { method: 'GET' }, answers.ChainSearchReply)
  }

  chainCustomer(home: string, id: string): Promise<ChainCustomerReply> {
    const path = `/api/customers/${encodeURIComponent(home)}/${encodeURIComponent(id)}`
    return this.#json(path, { method: 'GET' }, answers.ChainCustomerReply)
  }

  async #json<T>(path: string, request: Request, shape: answers.Shape<T>): Promise<T> {
    const answer = await this.#ask(path, request)
    const read = answers.readAnswer(shape, await arrived(answer.json()))
    if (!read.ok) throw new TransportError('server', `answer: ${read.detail}`)
    return read.value
  }

  async #ask(path: string, request: Request): Promise<Response> {
    const { method, body, type = 'application/json', timeoutMs = TIMEOUT_MS } = request
    const content = body && { body: JSON.stringify(body) }
    const headers = {
      headers: { [SCHEMA_HEADER]: String(SCHEMA), ...(body ? JSON_CONTENT : {}) },
    }
    const signal = AbortSignal.timeout(timeoutMs)
    const options = { method, ...content, ...headers, signal }
    const answer = await arrived(
      this.#deps.fetch(path, { ...options, redirect: 'manual', cache: 'no-store' }),
    )
    const fault = await faultOf(answer, this.#deps.now())
    if (fault) throw fault
    const isType = answer.headers.get('content-type')?.startsWith(type) ?? false
    if (!isType) throw new TransportError('server', 'content-type')
    return answer
  }
}

/** A request that fails, or a body that ends early, has reached nobody as far as we can tell. */
async function arrived<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch {
    throw new TransportError('offline')
  }
}

async function faultOf(answer: Response, now: number): Promise<TransportError | null> {
  const protocol = answer.headers.get(PROTOCOL_HEADER)
  const wait = retryAfterMs(answer.headers.get('retry-after'), now)
  if (protocol === null) return faultBetween(answer.status, wait)
  if (protocol !== String(PROTOCOL)) return new TransportError('server', 'protocol')
  if (answer.ok) return null
  const code = await codeOf(answer)
  switch (answer.status) {
    case 401:
      return new TransportError('no-session', code)
    case 403:
      return new TransportError(faultOf403(code), code)
    case 404:
      return new TransportError('not-found', code)
    case 413:
      return new TransportError('too-large', code)
    case 426:
      return new TransportError('update-needed', code)
    case 429:
    case 503:
      return new TransportError('busy', code, wait ?? RETRY_AFTER_MS)
    default:
      return new TransportError(answer.status >= 500 ? 'server' : 'refused', code, wait)
  }
}

/** What somebody between us and the server answered: a proxy, or the page of a hotel's network. */
function faultBetween(status: number, waitMs: number | null): TransportError {
  if (status === 413) return new TransportError('too-large')
  if (status === 429 || status === 503)
    return new TransportError('busy', null, waitMs ?? RETRY_AFTER_MS)
  if (status === 408) return new TransportError('offline', null, waitMs)
  return new TransportError(status >= 500 ? 'server' : 'sign-in-page', null, waitMs)
}

function faultOf403(code: string | null): TransportFault {
  if (code === 'device-revoked') return 'revoked'
  return code === 'device-mismatch' || code === 'not-your-store' ? 'other-device' : 'refused'
}

async function codeOf(answer: Response): Promise<string | null> {
  try {
    const problem: unknown = await answer.json()
    const isProblem = typeof problem === 'object' && problem !== null && 'code' in problem
    return isProblem && typeof problem.code === 'string' ? problem.code : null
  } catch {
    return null // An error without a readable body is still the error its status says.
  }
}

/** Retry-After in ms, given as seconds or as a date; null when absent or unreadable. */
export function retryAfterMs(header: string | null, now: number): number | null {
  if (header === null) return null
  if (/^\d+$/.test(header)) return Number(header) * 1000
  const until = Date.parse(header)
  return Number.isNaN(until) ? null : Math.max(0, until - now)
}
