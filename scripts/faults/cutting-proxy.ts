// A proxy in front of the real server that ends a connection after so many bytes of one request or
// of its answer. It knows nothing of HTTP but where a request begins and ends: no client here sends
// a second one before the first is answered, so a connection's talk alternates.
import { createServer, connect, type Server, type Socket } from 'node:net'

export type Side = 'request' | 'answer'

/** Cuts the next request to `path` after `bytes` bytes of the request or of its answer. */
export interface Cut {
  path: string
  side: Side
  bytes: number
}

interface Talk {
  client: Socket
  server: Socket
  /** Bytes of the exchange under way, and whether the answer has begun. */
  counts: Record<Side, number>
  isAnswering: boolean
  cut: Cut | null
}

export class CuttingProxy {
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  #target: { host: string; port: number } | null = null
  #cut: Cut | null = null
  #hits = 0
  port = 0

  constructor() {
    this.#server = createServer((client) => this.#join(client))
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    const address = this.#server.address()
    this.port = typeof address === 'object' && address ? address.port : 0
    return `http://127.0.0.1:${this.port}`
  }

  /** Where connections go; null refuses them, as an unplugged network does. */
  point(url: string | null): void {
    const target = url === null ? null : new URL(url)
    this.#target = target && { host: target.hostname, port: Number(target.port) }
    if (!target) this.#hangUp()
  }

  arm(cut: Cut): void {
    this.#cut = cut
    this.#hits = 0
  }

  /** How many connections the armed cut has ended: 0 means that everything fitted before it. */
  disarm(): number {
    this.#cut = null
    return this.#hits
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()))
    this.#hangUp()
    await closed
  }

  #hangUp(): void {
    for (const socket of this.#sockets) socket.destroy()
  }

  #join(client: Socket): void {
    if (!this.#target) return void client.destroy()
    const server = connect(this.#target)
    const counts = { request: 0, answer: 0 }
    const talk: Talk = { client, server, counts, isAnswering: true, cut: null }
    for (const socket of [client, server]) {
      this.#sockets.add(socket)
      socket.setNoDelay(true)
      socket.on('error', () => this.#end(talk)) // The other side learns it by the closed socket.
      socket.on('close', () => {
        this.#sockets.delete(socket)
        this.#end(talk)
      })
    }
    client.on('data', (bytes) => this.#pass(talk, 'request', bytes))
    server.on('data', (bytes) => this.#pass(talk, 'answer', bytes))
  }

  #pass(talk: Talk, side: Side, bytes: Buffer): void {
    if (side === 'request' && talk.isAnswering) this.#begin(talk, bytes)
    talk.isAnswering = side === 'answer'
    const to = side === 'request' ? talk.server : talk.client
    const { cut, counts } = talk
    if (cut?.side !== side || counts[side] + bytes.length <= cut.bytes) {
      counts[side] += bytes.length
      to.write(bytes)
      return
    }
    this.#hits += 1
    talk.cut = null
    to.end(bytes.subarray(0, cut.bytes - counts[side]))
    const from = side === 'request' ? talk.client : talk.server
    from.pause()
    to.once('finish', () => this.#end(talk))
  }

  #begin(talk: Talk, bytes: Buffer): void {
    talk.counts = { request: 0, answer: 0 }
    const line = bytes.toString('latin1', 0, 200).split('\r\n', 1)[0] ?? ''
    talk.cut = this.#cut && line.includes(this.#cut.path) ? this.#cut : null
  }

  #end({ client, server }: Talk): void {
    client.destroy()
    server.destroy()
  }
}
