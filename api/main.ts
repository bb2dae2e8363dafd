import { supportsNode } from './node-version.ts'

// `node api/main.ts` serves an installation. The version is looked at before anything else is
// loaded, because on an old one the SQLite driver ends the process without a word.
if (!supportsNode(process.versions.node)) {
  process.stderr.write(
    `Node ${process.versions.node} is too old: 22.19 or 24 and newer is needed. ` +
      `"npm start" fetches a Node that fits.\n`,
  )
  process.exit(1)
}

const { ConfigError, loadConfig } = await import('./config.ts')
const { serveUntilStopped } = await import('./serve.ts')

try {
  await serveUntilStopped(loadConfig())
} catch (error) {
  const isTaken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'
  if (!(error instanceof ConfigError) && !isTaken) throw error
  const advice = isTaken ? 'Another program listens there: set PORT to another port.' : ''
  process.stderr.write(`${error.message}\n${advice}\n`)
  process.exit(1)
}
