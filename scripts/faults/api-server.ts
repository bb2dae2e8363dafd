// Starting, killing and replacing the API's process. One spare is always loading in the background.
import { type ChildProcess, fork } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Answer, Order } from './api-process.ts'
import { bundle } from '../bundle.ts'

const ANSWER_TIMEOUT_MS = 60_000

/** Node takes an answer of the child as unknown; it can only be one of ours. */
function asAnswer(message: unknown): Answer {
  return message as Answer
}

/** One process of the API. */
export class ApiServer {
  readonly #child: ChildProcess
  readonly #loaded: Promise<Answer>
  readonly #ended: Promise<void>
  url: string | null = null

  constructor(file: string) {
    const stdio = ['ignore', 'inherit', 'inherit', 'ipc'] as const
    this.#child = fork(file, { stdio: [...stdio], execArgv: [] })
    this.#ended = new Promise((resolve) => this.#child.once('exit', () => resolve()))
    this.#loaded = this.#next('loaded')
    this.#loaded.catch(() => undefined) // It is met again by whoever gives the first order.
  }

  get pid(): number {
    return this.#child.pid ?? 0
  }

  get isAlive(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null
  }

  loaded(): Promise<unknown> {
    return this.#loaded
  }

  /** Serves the folder; rejects when the process ends before it does. */
  async open(folder: string): Promise<string> {
    await this.#loaded
    const answer = await this.#order({ do: 'open', folder }, 'open')
    const url = answer.is === 'open' ? answer.url.replace('localhost', '127.0.0.1') : ''
    this.url = url
    return url
  }

  async close(): Promise<void> {
    await this.#order({ do: 'close' }, 'closed')
    this.url = null
  }

  /** SIGKILL: nothing is flushed, nothing is said. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL')
    await this.#ended
  }

  async #order(order: Order, expected: Answer['is']): Promise<Answer> {
    const answer = this.#next(expected)
    this.#child.send(order, () => undefined)
    return answer
  }

  async #next(expected: Answer['is']): Promise<Answer> {
    const child = this.#child
    const timer = new AbortController()
    const answer = new Promise<Answer>((resolve, reject) => {
      const onExit = () => reject(new Error('the server process ended'))
      child.once('exit', onExit)
      const onMessage = (message: unknown) => {
        if (asAnswer(message).is !== expected) return
        child.off('message', onMessage).off('exit', onExit)
        resolve(asAnswer(message))
      }
      child.on('message', onMessage)
    })
    const late = sleep(ANSWER_TIMEOUT_MS, null, { signal: timer.signal, ref: false })
    try {
      const first = await Promise.race([answer, late])
      if (first === null) throw new Error(`the server process did not say "${expected}"`)
      return first
    } finally {
      late.catch(() => undefined)
      timer.abort()
    }
  }
}

/** Gives out processes that are loaded already. */
export interface ServerPool {
  take(): ApiServer
  close(): Promise<void>
}

export async function openServerPool(): Promise<ServerPool> {
  const bundled = await bundle('scripts/faults/api-process.ts', 'faults')
  const living = new Set<ApiServer>()
  const spawn = () => {
    const server = new ApiServer(bundled.file)
    living.add(server)
    return server
  }
  let spare = spawn()
  return {
    take() {
      const taken = spare
      for (const server of living) if (!server.isAlive) living.delete(server)
      spare = spawn()
      return taken
    },
    async close() {
      await Promise.all([...living].map((server) => server.kill()))
      bundled.remove()
    },
  }
}
