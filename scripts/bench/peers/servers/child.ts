// What every server of the bench has in common: it is a process of its own, takes orders as lines
// of JSON on its input, answers each with one line, and counts the bytes of all its connections.
import { subscribe } from 'node:diagnostics_channel'
import { readFileSync } from 'node:fs'
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { createServer } from 'node:http'
import type { Socket } from 'node:net'
import { extname, join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Order, Orders } from './orders.ts'

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
}

/** Bytes that clients received and sent, over all connections since the start. */
export function countBytes(): () => { down: number; up: number } {
  const open = new Set<Socket>()
  const past = { down: 0, up: 0 }
  subscribe('net.server.socket', (message) => {
    const { socket } = message as { socket: Socket } // So Node documents this channel.
    open.add(socket)
    socket.once('close', () => {
      open.delete(socket)
      past.down += socket.bytesWritten
      past.up += socket.bytesRead
    })
  })
  return () => {
    const sum = { ...past }
    for (const socket of open) {
      sum.down += socket.bytesWritten
      sum.up += socket.bytesRead
    }
    return sum
  }
}

/** Says where it listens, then obeys until its input ends. */
export async function obey(first: object, orders: Orders): Promise<void> {
  const bytes = countedBytes
  const say = (answer: object) => process.stdout.write(`${JSON.stringify(answer)}\n`)
  say(first)
  for await (const line of createInterface({ input: process.stdin })) {
    const order = JSON.parse(line) as Order // Only the bench itself writes here.
    if (order.do === 'usage') say({ ...bytes(), cpuMicros: cpuMicros() })
    else say(await takeOrder(order, orders))
  }
}

const countedBytes = countBytes()

async function takeOrder(order: Order, orders: Orders): Promise<object> {
  try {
    if (order.do === 'edit') return { done: await orders.edit(order.edits) }
    if (order.do === 'held') return { held: await orders.held(order.visits) }
    return (await orders.more?.(order)) ?? {}
  } catch (error) {
    return { error: error instanceof Error ? (error.stack ?? error.message) : String(error) }
  }
}

function cpuMicros(): number {
  const { user, system } = process.cpuUsage()
  return user + system
}

/** Listens on a free port of this machine; what is below /bench-peers/ is a page of the bench. */
export function listen(pages: string, handle: RequestListener): Promise<string> {
  const server = createServer((request, response) => {
    if (request.url?.startsWith('/bench-peers/')) sendPage(pages, request, response)
    else if (request.url === '/favicon.ico') response.writeHead(404).end()
    else handle(request, response)
  })
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      resolve(`http://localhost:${typeof address === 'object' && address ? address.port : 0}`)
    })
  })
}

function sendPage(pages: string, request: IncomingMessage, response: ServerResponse): void {
  const path = new URL(request.url ?? '', 'http://localhost').pathname.slice('/bench-peers/'.length)
  try {
    const body = readFileSync(join(pages, path))
    response.writeHead(200, { 'content-type': TYPES[extname(path)] ?? 'application/octet-stream' })
    response.end(body)
  } catch {
    response.writeHead(404).end() // A page that was not built: the browser says which.
  }
}

export async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer) // A stream of bytes, no text.
  return Buffer.concat(chunks).toString('utf8')
}

/** The folder of the data and that of the pages, as the bench named them. */
export function folders(): { data: string; pages: string } {
  const [, , data = '', pages = ''] = process.argv
  return { data, pages }
}
