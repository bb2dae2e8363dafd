// The API as a process that can be killed. It has everything loaded before it is told which folder
// to serve, so that a start costs no more than opening the databases.
import { loadConfig } from '#api/config.ts'
import { createLog } from '#api/log.ts'
import { type RunningServer, startServer } from '#api/server.ts'

/** `open` serves a data folder; `close` lets go of it as a clean stop does. */
export type Order = { do: 'open'; folder: string } | { do: 'close' }
export type Answer = { is: 'loaded' } | { is: 'open'; url: string } | { is: 'closed' }

let server: RunningServer | null = null

function say(answer: Answer): void {
  process.send?.(answer)
}

async function obey(order: Order): Promise<void> {
  if (order.do === 'open') {
    const settings = { DATA_DIR: order.folder, PORT: '0', HOST: '127.0.0.1', LOG_LEVEL: 'error' }
    server = await startServer(loadConfig(settings), createLog('error'))
    say({ is: 'open', url: server.url })
    return
  }
  await server?.close()
  server = null
  say({ is: 'closed' })
}

process.on('message', (order: Order) => void obey(order))
process.once('disconnect', () => process.exit(0))
say({ is: 'loaded' })
