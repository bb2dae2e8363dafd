// Serving from a command: start, tell people where, stop when asked.
import { type Config, ConfigError, loadConfig } from '#api/config.ts'
import { createLog } from '#api/log.ts'
import { type RunningServer, startServer } from '#api/server.ts'

/** Settings from the environment over a command's own defaults; ends with words when they clash. */
export function settingsOrExit(defaults: Record<string, string>): Config {
  try {
    return loadConfig({ ...defaults, ...process.env })
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    console.error(error.message)
    process.exit(2)
  }
}

function nextSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    process.once('SIGINT', resolve)
    process.once('SIGTERM', resolve)
  })
}

function isPortTaken(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'
}

/** Serves until the process is asked to stop. `greet` tells what people need to know. */
export async function serve(
  config: Config,
  greet: (server: RunningServer) => Promise<string>,
): Promise<void> {
  const server = await startServer(config, createLog(config.logLevel)).catch((error: unknown) => {
    if (!isPortTaken(error)) throw error
    console.error(`Port ${config.port} is taken: set PORT to another one.`)
    process.exit(1)
  })
  console.log(`\n${await greet(server)}\n\n  Ctrl-C stops it.`)
  await nextSignal()
  void nextSignal().then(() => process.exit(1))
  await server.close()
}
