import { mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ConfigError, describeConfig, loadConfig } from './config.ts'

const folder = () => mkdtempSync(join(tmpdir(), 'regulars-config-'))

function problemsOf(env: Record<string, string>): readonly string[] {
  try {
    loadConfig(env)
    return []
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
}

test('with nothing set but a folder the server is local, on SQLite, and has a secret', () => {
  const config = loadConfig({ DATA_DIR: folder() })
  expect(config).toMatchObject({ port: 8080, host: '127.0.0.1', isPostgres: false, tls: null })
  expect(config.ledgerUrl).toBe(join(config.dataDir, 'ledger.sqlite'))
  expect(config.secret.length).toBeGreaterThanOrEqual(43)
})

test('the secret is made once and stays, readable by its owner only', () => {
  const DATA_DIR = folder()
  const { secret } = loadConfig({ DATA_DIR })
  expect(loadConfig({ DATA_DIR }).secret).toBe(secret)
  expect(statSync(join(DATA_DIR, 'secret')).mode & 0o777).toBe(0o600)
  expect(readFileSync(join(DATA_DIR, 'secret'), 'utf8')).toBe(secret)
})

test('a secret file that was cut off is not taken for a secret', () => {
  const DATA_DIR = folder()
  writeFileSync(join(DATA_DIR, 'secret'), 'short')
  expect(problemsOf({ DATA_DIR })).toHaveLength(1)
})

test('every problem is reported at once', () => {
  const problems = problemsOf({
    DATA_DIR: folder(),
    PORT: '70000',
    DATABASE_URL: 'mysql://example',
    TLS_CERT: '/nowhere/cert.pem',
    PUBLIC_ORIGIN: 'regulars.example',
    TRUST_PROXY: 'perhaps',
    LOG_LEVEL: 'loud',
    SECRET: 'short',
  })
  expect(problems).toHaveLength(8)
})

test('an origin with a path is refused: a cookie does not know paths', () => {
  expect(problemsOf({ DATA_DIR: folder(), PUBLIC_ORIGIN: 'https://a.example/app' })).toHaveLength(1)
  const config = loadConfig({ DATA_DIR: folder(), PUBLIC_ORIGIN: 'https://a.example/' })
  expect(config).toMatchObject({ publicOrigin: 'https://a.example', isHttps: true })
})

test('what is printed at start holds neither secret nor password', () => {
  const config = loadConfig({
    DATABASE_URL: 'postgres://someone:pa55word@db.example/regulars',
    SECRET: 'x'.repeat(40),
  })
  const printed = JSON.stringify(describeConfig(config))
  expect(printed).not.toMatch(/pa55word|someone|xxxx/)
  expect(printed).toContain('db.example/regulars')
})
