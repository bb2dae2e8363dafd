import { randomBytes } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import type { Server } from 'node:http'
import { createServer as createHttps } from 'node:https'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createAdaptorServer } from '@hono/node-server'
import type { Hono } from 'hono'
import { reapplyKnown } from '#sql/decide.ts'
import type { Ledger } from '#sql/ledger.ts'
import { openLedger } from '#sql/open-ledger.ts'
import { nodePorts } from '#sql/ports.ts'
import { openAccountFile, openAccountSchema } from './account-database.ts'
import { type Accounts, openAccounts } from './accounts.ts'
import { createApp, routesOf } from './app.ts'
import type { Config } from './config.ts'
import type { Deps } from './deps.ts'
import { loadFiles } from './files.ts'
import { followHeads } from './heads.ts'
import { makeLive } from './live.ts'
import { describeFault, type Log } from './log.ts'
import { startRollups } from './rollups.ts'
import type { PublicEnv } from './request.ts'
import { startUpkeep } from './upkeep.ts'
import { watchWrites } from './write-watch.ts'

const BUILD = fileURLToPath(new URL('../build', import.meta.url))
const DRAIN_MS = 10_000
const SWEEP_MS = 50
const HEADERS_TIMEOUT_MS = 15_000
const REQUEST_TIMEOUT_MS = 60_000
const KEEP_ALIVE_MS = 65_000
/**
 * Connections that wait to be taken. One is taken per turn of the event loop, and a chain's tablets
 * come back by the thousand: beyond Node's 511 they would be dropped without a word.
 */
const BACKLOG = 8_192

export interface RunningServer {
  /** Where it listens, as a browser on this machine would ask for it. */
  url: string
  ledger: Ledger
  accounts: Accounts
  /** Answers what was asked, then lets go of everything. */
  close(): Promise<void>
}

/** Opens ledger and accounts and serves pages and API on one port. */
export async function startServer(config: Config, log: Log): Promise<RunningServer> {
  if (!config.isPostgres) await mkdir(config.dataDir, { recursive: true, mode: 0o700 })
  const ledger = await openLedger(config.ledgerUrl, nodePorts, undefined, {
    restated: (done) => log.warn({ ...done }, 'definitions changed: figures were counted anew'),
  })
  const accounts = await openAccountsOf(config)
  const letGo = async () => {
    await Promise.all([accounts.close(), ledger.close()])
  }
  const live = makeLive(config.live)
  const deps = await depsOf(config, ledger, accounts, log)
  const server = makeServer(createApp(deps, routesOf(deps, live)), config)
  try {
    await takeUnderstood(ledger, log)
    const port = await listen(server, config)
    const rollups = startRollups(ledger, log)
    const upkeep = startUpkeep(ledger, log, Date.now)
    const writes = watchWrites(ledger, log)
    const heads = followHeads(ledger, live.pokes, log)
    const close = async () => {
      live.pokes.close() // A stream of news is a request that would never be done.
      await drain(server)
      await Promise.all([rollups.stop(), upkeep.stop(), writes.stop(), heads.stop()])
      await letGo()
    }
    return { url: urlOf(config, port), ledger, accounts, close }
  } catch (error) {
    await letGo()
    throw error
  }
}

/**
 * Applies ops that an older server refused because it did not know them. A database that cannot
 * write at the moment is no reason not to serve what can be read: the next start tries again.
 */
async function takeUnderstood(ledger: Ledger, log: Log): Promise<void> {
  try {
    const taken = await reapplyKnown(ledger, Date.now())
    if (taken > 0) log.info({ taken }, 'ops of a newer app applied')
  } catch (error) {
    log.error(describeFault(error), 'ops of a newer app were not applied')
  }
}

async function depsOf(config: Config, ledger: Ledger, accounts: Accounts, log: Log): Promise<Deps> {
  const { secret, publicOrigin, isHttps, trustsProxy } = config
  const files = await loadFiles(BUILD)
  if (files.size === 0) log.warn('no pages: the app is not built')
  const outside = { clock: Date.now, random: randomBytes, log }
  return { ledger, accounts, files, ...outside, secret, publicOrigin, isHttps, trustsProxy }
}

function urlOf({ tls, host }: Config, port: number): string {
  const name = /^(0\.0\.0\.0|::|127\.0\.0\.1)$/.test(host) ? 'localhost' : host
  return `${tls ? 'https' : 'http'}://${name}:${port}`
}

/** The accounts of an installation; scripts open them the same way. */
export async function openAccountsOf(config: Config): Promise<Accounts> {
  const database = config.isPostgres
    ? await openAccountSchema(config.ledgerUrl)
    : openAccountFile(join(config.dataDir, 'accounts.sqlite'))
  return openAccounts(database, config)
}

function makeServer(app: Hono<PublicEnv>, { tls }: Config): Server {
  const fetch = app.fetch.bind(app)
  const server = tls
    ? createAdaptorServer({ fetch, createServer: createHttps, serverOptions: tls })
    : createAdaptorServer({ fetch })
  return limitTime(asHttpServer(server))
}

/** A server of node:http, or its heir of node:https; HTTP/2 is never asked for. */
function asHttpServer(server: ReturnType<typeof createAdaptorServer>): Server {
  return server as Server
}

/** A client that dawdles over its headers or its body is let go. */
function limitTime(server: Server): Server {
  server.headersTimeout = HEADERS_TIMEOUT_MS
  server.requestTimeout = REQUEST_TIMEOUT_MS
  server.keepAliveTimeout = KEEP_ALIVE_MS
  return server
}

function listen(server: Server, { port, host }: Config): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ port, host, backlog: BACKLOG }, () => {
      server.off('error', reject)
      const address = server.address()
      resolve(typeof address === 'object' && address ? address.port : port)
    })
  })
}

/** Takes no more requests, and waits for those under way, though not for ever. */
function drain(server: Server): Promise<void> {
  return new Promise((resolve) => {
    // A connection that is kept alive becomes idle only after the answer under way.
    const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_MS)
    const hurry = setTimeout(() => server.closeAllConnections(), DRAIN_MS)
    server.close(() => {
      clearInterval(sweep)
      clearTimeout(hurry)
      resolve()
    })
  })
}
