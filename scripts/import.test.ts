// What a person at a terminal, or a nightly job, sees of the commands: words and exit codes.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openLedger } from '#sql/open-ledger.ts'
import { nodePorts } from '#sql/ports.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const MAPPING = {
  source: 'till',
  chain: { name: 'Till', zone: 'UTC', currency: 'USD', country: 'US' },
  customers: { files: ['c.csv'], id: 'id', columns: { name: 'name' } },
}

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'regulars-command-'))
  writeFileSync(join(folder, 'c.csv'), 'id,name\n1,Ann\n')
  writeFileSync(join(folder, 'till.json'), JSON.stringify(MAPPING))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function run(script: string, ...args: string[]) {
  const env = { ...process.env, DATABASE_URL: '' }
  const options = { cwd: ROOT, encoding: 'utf8', env } as const
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...args], options)
  return { status, text: stdout + stderr }
}

const data = () => join(folder, 'data')
const load = (...args: string[]) =>
  run('scripts/import.ts', folder, '--mapping', join(folder, 'till.json'), ...args)

test('without its arguments the import says how it is used', () => {
  expect(run('scripts/import.ts')).toMatchObject({ status: 2 })
  expect(run('scripts/import.ts', folder, '--mapping', 'x', '--no').text).toContain(
    'npm run import',
  )
})

test('a folder or a mapping that is not there is named', () => {
  const mapping = join(folder, 'till.json')
  const { status, text } = run('scripts/import.ts', join(folder, 'no'), '--mapping', mapping)
  expect([status, text]).toEqual([2, expect.stringContaining('there is no such folder')])
})

test('a dry run leaves no data folder', () => {
  expect(load('--dry-run', '--data', data())).toMatchObject({ status: 0 })
  expect(existsSync(data())).toBe(false)
})

test('an import makes the chain and an account, and a rebuild finds nothing', () => {
  const { status, text } = load('--data', data(), '--admin', 'me@example.com')
  expect([status, text]).toEqual([0, expect.stringMatching(/me@example\.com {2}password \S{10,}/)])
  const rebuilt = run('scripts/rebuild.ts', '--data', data())
  expect(rebuilt).toMatchObject({ status: 0, text: expect.stringContaining('0 differences') })
}, 180_000)

test('the activity window is set once nobody has the ledger open, and only to what it may be', async () => {
  const set = (days: string) =>
    run('scripts/rebuild.ts', '--data', data(), '--activity-window', days)
  for (const days of ['29', 'a year']) {
    const { status, text } = set(days)
    expect([status, text]).toEqual([2, expect.stringContaining(`from 30 to 365, not ${days}`)])
  }
  const ledger = await openLedger(join(data(), 'ledger.sqlite'), nodePorts)
  const whileOpen = set('120')
  expect([whileOpen.status, whileOpen.text]).toEqual([1, expect.stringContaining('is in use')])
  expect(ledger.activityDays).toBe(90)
  await ledger.close()
  const done = set('120')
  expect([done.status, done.text]).toEqual([0, expect.stringContaining('90 → 120 days')])
  expect(set('120').text).toContain('120 days already')
  expect(run('scripts/rebuild.ts', '--data', data()).text).toContain('0 differences')
}, 180_000)

test('rejected rows are listed and make the exit code 1, unless they are allowed', () => {
  writeFileSync(join(folder, 'c.csv'), 'id,name\n1,Ann\n2,\n')
  const rejects = join(folder, 'rejects.csv')
  expect(load('--dry-run', '--rejects', rejects)).toMatchObject({ status: 1 })
  expect(existsSync(rejects)).toBe(true)
  expect(load('--dry-run', '--allow-rejects')).toMatchObject({ status: 0 })
}, 180_000)
