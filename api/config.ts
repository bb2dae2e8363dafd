import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { LiveSettings } from './live.ts'
import { LOG_LEVELS, type LogLevel } from './log.ts'

// The only reader of the environment. Everything has a default that works on one machine.

/** Every setting: its name, what it means, and its default as people read it. */
export const SETTINGS = [
  ['PORT', 'port to listen on', '8080'],
  ['HOST', 'address to listen on', '127.0.0.1, or 0.0.0.0 with TLS'],
  ['DATA_DIR', 'folder of the SQLite files and the secret', 'data'],
  ['DATABASE_URL', 'postgres://… keeps ledger and accounts in PostgreSQL', 'SQLite in DATA_DIR'],
  ['TLS_CERT', 'file with the certificate chain (PEM); needs TLS_KEY', 'plain HTTP'],
  ['TLS_KEY', 'file with the private key (PEM)', 'plain HTTP'],
  ['PUBLIC_ORIGIN', 'address that people use, such as https://regulars.example', 'taken as asked'],
  ['TRUST_PROXY', 'yes: a proxy in front sets x-forwarded-for', 'no'],
  ['SECRET', 'keys sessions and device salts, 32 characters or more', 'made once in DATA_DIR'],
  ['SYNCS_AT_WORK', 'pushes, pulls and downloads served at a time', '16'],
  ['SYNCS_WAITING', 'of those that wait; more are told when to come back', '1000'],
  ['POKES_MAX', 'streams of news that stand open at a time', '20000'],
  ['LOG_LEVEL', LOG_LEVELS.join(', '), 'info'],
] as const

type Name = (typeof SETTINGS)[number][0]
type Environment = Partial<Record<string, string>>

export interface Config {
  port: number
  host: string
  dataDir: string
  /** What openLedger takes: a PostgreSQL address or a SQLite file. */
  ledgerUrl: string
  isPostgres: boolean
  /** PEM texts, when the server itself speaks HTTPS. */
  tls: { cert: string; key: string } | null
  publicOrigin: string | null
  isHttps: boolean
  trustsProxy: boolean
  secret: string
  live: LiveSettings
  logLevel: LogLevel
}

/** All that is wrong with the settings, so that they are mended in one go. */
export class ConfigError extends Error {
  readonly problems: readonly string[]

  constructor(problems: readonly string[]) {
    super(`The settings cannot be used:\n${problems.map((problem) => `  ${problem}`).join('\n')}`)
    this.name = 'ConfigError'
    this.problems = problems
  }
}

const SECRET_MIN_CHARS = 32

/** Reads and checks the settings. Throws ConfigError with every problem at once. */
export function loadConfig(env: Environment = process.env): Config {
  const problems: string[] = []
  const read = (name: Name) => env[name]?.trim() ?? ''
  const dataDir = read('DATA_DIR') || 'data'
  const databaseUrl = readDatabaseUrl(read('DATABASE_URL'), problems)
  const tls = readTls(read('TLS_CERT'), read('TLS_KEY'), problems)
  const publicOrigin = readOrigin(read('PUBLIC_ORIGIN'), problems)
  const config = {
    port: readPort(read('PORT') || '8080', problems),
    host: read('HOST') || (tls ? '0.0.0.0' : '127.0.0.1'),
    dataDir,
    ledgerUrl: databaseUrl || join(dataDir, 'ledger.sqlite'),
    isPostgres: databaseUrl !== '',
    tls,
    publicOrigin,
    isHttps: tls !== null || (publicOrigin?.startsWith('https:') ?? false),
    trustsProxy: readYes('TRUST_PROXY', read('TRUST_PROXY'), problems),
    live: {
      syncsAtWork: readCount('SYNCS_AT_WORK', read('SYNCS_AT_WORK') || '16', problems),
      syncsWaiting: readCount('SYNCS_WAITING', read('SYNCS_WAITING') || '1000', problems),
      pokesMax: readCount('POKES_MAX', read('POKES_MAX') || '20000', problems),
    },
    logLevel: readLogLevel(read('LOG_LEVEL') || 'info', problems),
  }
  const secret = read('SECRET')
  if (secret !== '' && secret.length < SECRET_MIN_CHARS)
    problems.push(`SECRET needs ${SECRET_MIN_CHARS} characters or more`)
  if (problems.length > 0) throw new ConfigError(problems)
  return { ...config, secret: secret || keepSecret(dataDir) }
}

function readPort(text: string, problems: string[]): number {
  const port = /^\d+$/.test(text) ? Number(text) : NaN
  if (!(port <= 65535)) problems.push('PORT is no port: give a number from 0 to 65535')
  return port
}

function readCount(name: Name, text: string, problems: string[]): number {
  const count = /^\d{1,7}$/.test(text) ? Number(text) : 0
  if (count === 0) problems.push(`${name} is no count: give a number from 1 to 9999999`)
  return count
}

function readDatabaseUrl(text: string, problems: string[]): string {
  if (text !== '' && !(/^postgres(ql)?:\/\//.test(text) && URL.canParse(text)))
    problems.push('DATABASE_URL is no PostgreSQL address: it begins with postgres://')
  return text
}

function readOrigin(text: string, problems: string[]): string | null {
  if (text === '') return null
  const origin = URL.canParse(text) ? new URL(text).origin : 'null'
  if (/^https?:/.test(origin) && text.replace(/\/$/, '') === origin) return origin
  problems.push('PUBLIC_ORIGIN is no origin: give it like https://regulars.example')
  return null
}

function readYes(name: Name, text: string, problems: string[]): boolean {
  if (!/^(yes|no|true|false|1|0|)$/i.test(text)) problems.push(`${name} is neither yes nor no`)
  return /^(yes|true|1)$/i.test(text)
}

function readLogLevel(text: string, problems: string[]): LogLevel {
  const level = LOG_LEVELS.find((known) => known === text)
  if (!level) problems.push(`LOG_LEVEL is none of ${LOG_LEVELS.join(', ')}`)
  return level ?? 'info'
}

function readTls(certFile: string, keyFile: string, problems: string[]): Config['tls'] {
  if (certFile === '' && keyFile === '') return null
  const [cert, key] = [readPem('TLS_CERT', certFile), readPem('TLS_KEY', keyFile)]
  problems.push(...[cert, key].flatMap(({ problem }) => problem ?? []))
  return { cert: cert.text, key: key.text }
}

function readPem(name: Name, file: string): { text: string; problem?: string } {
  if (file === '') return { text: '', problem: `${name} is missing: TLS needs both` }
  try {
    return { text: readFileSync(file, 'utf8') }
  } catch {
    return { text: '', problem: `${name} names a file that cannot be read` }
  }
}

/** The secret of this installation: made at its first start, readable by its user only. */
function keepSecret(dataDir: string): string {
  const file = join(dataDir, 'secret')
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  try {
    writeFileSync(file, randomBytes(32).toString('base64url'), { flag: 'wx', mode: 0o600 })
  } catch (error) {
    if (!isExisting(error)) throw error
  }
  const secret = readFileSync(file, 'utf8').trim()
  if (secret.length < SECRET_MIN_CHARS) throw new ConfigError([`the file ${file} is damaged`])
  return secret
}

function isExisting(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EEXIST'
}

/** The settings in use, for the log of a start. Nothing in it opens a door. */
export function describeConfig(config: Config): Record<string, unknown> {
  const { secret: _secret, tls, ledgerUrl, ...shown } = config
  const ledger = config.isPostgres ? ledgerUrl.replace(/\/\/[^@/]*@/, '//***@') : ledgerUrl
  return { ...shown, ledger, tls: tls !== null, secret: '***' }
}
