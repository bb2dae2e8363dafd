// The parent's side: a few processes, each given the next seed when it has played one.
import { type ChildProcess, fork } from 'node:child_process'
import { type Bundle, bundle } from '../bundle.ts'
import type { Done, FromWorker, Task, ToWorker } from './tasks.ts'

const WORKER = 'scripts/sim/worker.ts'
/** A run makes much that is soon dropped; an error is told by the lines of the sources. */
const FLAGS = ['--no-warnings', '--enable-source-maps', '--max-semi-space-size=32']
/** A process that has played this many is replaced: nothing it holds on to can add up. */
const TASKS_PER_PROCESS = 250

export interface Crew {
  jobs: number
  postgresUrl: string
  onDone(task: Task, done: Done): void
}

function crashed(task: Task, code: number | null): Done {
  const empty = { trace: '', state: '', counts: {}, steps: 0, ms: 0, cpuMs: 0, lines: [] }
  return { seed: task.seed, violations: [`the process ended with ${code}`], ...empty }
}

/** One process until the tasks are all taken or it is to be replaced. */
function work(file: string, tasks: Task[], { postgresUrl, onDone }: Crew): Promise<void> {
  const env = { ...process.env, SIM_POSTGRES_URL: postgresUrl }
  const child: ChildProcess = fork(file, { env, execArgv: FLAGS })
  const send = (message: ToWorker) => void child.send(message)
  let current: Task | undefined
  let played = 0
  let isReady = false
  const next = () => {
    current = played < TASKS_PER_PROCESS ? tasks.shift() : undefined
    send(current ? { type: 'task', task: current } : { type: 'end' })
  }
  return new Promise((resolve, reject) => {
    child.on('message', (message) => {
      const said = message as FromWorker
      isReady = true
      if (said.type === 'done' && current) onDone(current, said.done)
      if (said.type === 'done') played += 1
      next()
    })
    child.on('exit', (code) => {
      if (current) onDone(current, crashed(current, code))
      if (isReady) resolve()
      else reject(new Error(`a process of the simulator did not start (${code})`))
    })
  })
}

let bundled: Promise<Bundle> | undefined

/** The code of the processes in one file, made once: loading it from sources takes seconds. */
async function workerFile(): Promise<string> {
  if (!bundled) {
    bundled = bundle(WORKER, 'sim')
    const { remove } = await bundled
    process.once('exit', remove)
  }
  return (await bundled).file
}

/** Plays all tasks, as many at once as there are jobs. */
export async function playAll(tasks: readonly Task[], crew: Crew): Promise<void> {
  const left = [...tasks]
  if (left.length === 0) return
  const file = await workerFile()
  const keepWorking = async () => {
    while (left.length > 0) await work(file, left, crew)
  }
  await Promise.all(Array.from({ length: Math.min(crew.jobs, left.length) }, keepWorking))
}
