import { type Config, describeConfig } from './config.ts'
import { createLog } from './log.ts'
import { startServer } from './server.ts'

/** Serves until the process is asked to stop; asked twice, it stops at once. */
export async function serveUntilStopped(config: Config): Promise<void> {
  const log = createLog(config.logLevel)
  log.info(describeConfig(config), 'settings')
  // Listened for before anybody is told that the server listens; until then it just ends.
  let isServing = false
  const asked = nextSignal()
  void asked.then(() => {
    if (!isServing) process.exit(1)
  })
  const server = await startServer(config, log)
  isServing = true
  log.info({ url: server.url }, 'listening')
  const signal = await asked
  log.info({ signal }, 'stopping')
  void nextSignal().then(() => process.exit(1))
  await server.close()
  log.info('stopped')
  process.exit(0)
}

function nextSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    process.once('SIGINT', resolve)
    process.once('SIGTERM', resolve)
  })
}
