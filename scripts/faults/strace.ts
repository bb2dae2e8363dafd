// Fault injection by strace, into a process that runs already.
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { Lacking } from './outcome.ts'

export interface Tracing {
  /** Lets go of the process, if it still lives. Asked politely, strace may wait for the dead. */
  stop(): Promise<void>
}

/**
 * Has the process killed as it enters its `nth` call of a kind, counted from now. The call itself
 * has no effect any more. Threads count their own calls; SQLite runs on one of them.
 */
export async function killAtCall(pid: number, call: string, nth: number): Promise<Tracing> {
  const inject = `inject=${call}:signal=KILL:when=${nth}`
  const args = ['-f', '-p', String(pid), '-o', '/dev/null', '-e', `trace=${call}`, '-e', inject]
  const child = spawn('strace', args, { stdio: ['ignore', 'ignore', 'pipe'] })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const said: string[] = []
  const isAttached = await new Promise<boolean>((resolve) => {
    child.once('exit', () => resolve(false))
    createInterface({ input: child.stderr }).on('line', (line) => {
      said.push(line)
      if (line.includes('attached')) resolve(true)
    })
  })
  if (!isAttached) throw new Lacking(`strace could not attach: ${said.join(' ')}`)
  return {
    stop: async () => {
      child.kill('SIGKILL')
      await ended
    },
  }
}
