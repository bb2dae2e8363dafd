// What stands between a tablet and headquarters: a wire that passes everything on, until a test
// says what becomes of a request. A real connection, so that the page, its workers and the service
// worker all meet the same.
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Shop } from './shop.ts'

/** An answer of somebody on the way, such as a mall's sign-in page or a proxy. */
interface Forged {
  status: number
  type?: string
  headers?: Record<string, string>
  body?: string
}

/**
 * `pass` as if there were no wire; `cut` ends the answer's body half way; `swallow` lets the server
 * do its work and never answers; a function rewrites the answer's text.
 */
export type Fate = 'pass' | 'cut' | 'swallow' | Forged | ((body: string) => string)

export interface Wire extends Shop {
  /** Decides on every request from here on. */
  fate: (path: string, method: string) => Fate
  /** How many requests met anything but `pass`. */
  met: number
  /** Resolves once a request for this path that begins from here on has had its answer. */
  answered(path: string): Promise<void>
}

/** The sign-in page that a mall's Wi-Fi puts in the place of every answer. */
export const CAPTIVE: Forged = {
  status: 200,
  type: 'text/html',
  body: '<!doctype html><title>Welcome</title><form>Accept the terms to go online</form>',
}

const pass = (): Fate => 'pass'
export const isApi = (path: string) => path.startsWith('/api/')
/** A fate for what the sync asks for, and nothing else. */
export const forApi =
  (fate: Fate) =>
  (path: string): Fate =>
    isApi(path) ? fate : 'pass'
/** A fate for what a tablet sends; it goes on receiving. */
export const forPush =
  (fate: Fate) =>
  (path: string): Fate =>
    path === '/api/sync/push' ? fate : 'pass'

function forge(answer: ServerResponse, { status, type, headers, body = '' }: Forged): void {
  answer.writeHead(status, { 'content-type': type ?? 'text/plain', ...headers })
  answer.end(body)
}

async function readAll(message: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = []
  for await (const piece of message) pieces.push(Buffer.from(piece as Uint8Array))
  return Buffer.concat(pieces)
}

async function relay(fate: Fate, got: IncomingMessage, answer: ServerResponse): Promise<void> {
  const status = got.statusCode ?? 502
  if (fate === 'pass') {
    answer.writeHead(status, got.headers)
    answer.flushHeaders() // A stream of news says nothing for a while.
    got.pipe(answer)
    return
  }
  const body = await readAll(got)
  if (fate === 'swallow') return
  const { 'content-length': _length, 'transfer-encoding': _coding, ...headers } = got.headers
  if (typeof fate === 'function') {
    answer.writeHead(status, headers)
    answer.end(fate(body.toString()))
    return
  }
  answer.writeHead(status, { ...headers, 'content-length': String(body.length) })
  answer.write(body.subarray(0, Math.floor(body.length / 2)), () => answer.destroy())
}

/** Lays a wire to a shop's server. It ends with the shop. */
export async function layWire(shop: Shop): Promise<Wire> {
  const { port } = new URL(shop.url)
  const waiting: { path: string; done: () => void }[] = []
  const server = createServer((asked, answer) => {
    const { method = 'GET', url = '/' } = asked
    const { pathname } = new URL(url, shop.url)
    const fate = wire.fate(pathname, method)
    const waits = waiting.splice(0)
    waiting.push(...waits.filter((one) => one.path !== pathname))
    answer.on('close', () => {
      for (const one of waits) if (one.path === pathname) one.done()
    })
    if (fate !== 'pass') wire.met += 1
    answer.on('error', () => undefined)
    if (typeof fate === 'object') return forge(answer, fate)
    const headers = { ...asked.headers }
    // What is rewritten must come as text, and not be known already.
    if (typeof fate === 'function')
      for (const name of ['accept-encoding', 'if-none-match']) delete headers[name]
    const path = url
    const onward = request({ host: '127.0.0.1', port, method, path, headers }, (got) => {
      void relay(fate, got, answer).catch(() => answer.destroy())
    })
    onward.on('error', () => answer.destroy())
    answer.on('close', () => onward.destroy())
    asked.pipe(onward)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://localhost:${(server.address() as AddressInfo).port}`
  const close = async () => {
    server.closeAllConnections()
    server.close()
    await shop.close()
  }
  const answered = (path: string) => new Promise<void>((done) => waiting.push({ path, done }))
  const wire: Wire = { ...shop, url, close, fate: pass, met: 0, answered }
  return wire
}
