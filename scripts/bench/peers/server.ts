// Starts a contender's server as a process of its own and gives it orders.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Order } from './servers/orders.ts'

export type ServerName = 'ours' | 'floor' | 'pouch' | 'rxdb'

export interface Folders {
  data: string
  pages: string
  packages: string
}

export interface BenchServer {
  url: string
  /** The answer to one order. Throws what the server threw. */
  ask<T>(order: Order): Promise<T>
  stop(): Promise<void>
}

export async function startBenchServer(name: ServerName, folders: Folders): Promise<BenchServer> {
  const path = fileURLToPath(new URL(`servers/${name}.ts`, import.meta.url))
  const args = [path, folders.data, folders.pages, folders.packages]
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const next = async <T>(): Promise<T> => {
    const { value, done } = await lines.next()
    if (done) throw new Error(`the server of ${name} ended`)
    const answer = JSON.parse(String(value)) as T & { error?: string } // By its own protocol.
    if (answer.error) throw new Error(`the server of ${name}: ${answer.error}`)
    return answer
  }
  const { url } = await next<{ url: string }>()
  return {
    url,
    ask<T>(order: Order) {
      child.stdin.write(`${JSON.stringify(order)}\n`)
      return next<T>()
    },
    stop: () => stop(child),
  }
}

/** Its input ends, so it ends; a server that does not is ended. */
async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return
  const ended = once(child, 'exit')
  child.stdin?.end()
  const timer = setTimeout(() => child.kill('SIGKILL'), 5_000)
  await ended
  clearTimeout(timer)
}
