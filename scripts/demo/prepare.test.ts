// Starting the demo again must keep what people did in it, and must never touch an installation
// that is not a demo.
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { loadConfig } from '#api/config.ts'
import { openAccountsOf } from '#api/server.ts'
import { hashCode, hashToken } from '#api/tokens.ts'
import { enrolDevice } from '#sql/devices.ts'
import { openLedger } from '#sql/open-ledger.ts'
import { pinsOfStore } from '#sql/people.ts'
import { nodePorts } from '#sql/ports.ts'
import { describeDoors, giveCode } from './doors.ts'
import { DemoError, prepareDemo } from './prepare.ts'

const NOW = Date.UTC(2026, 10, 21, 7)
const TINY = { scale: 0.004, months: 1 }

let dataDir: string
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'regulars-demo-'))
})
afterEach(() => rmSync(dataDir, { recursive: true, force: true }))

const config = () => loadConfig({ DATA_DIR: dataDir })
const prepare = (fresh: boolean) =>
  prepareDemo(
    config(),
    TINY,
    fresh,
    () => NOW,
    () => undefined,
  )

test('the doors open: accounts, PINs and codes let people in', async () => {
  const doors = await prepare(false)
  const accounts = await openAccountsOf(config())
  const ledger = await openLedger(config().ledgerUrl, nodePorts)
  try {
    for (const { email, password } of [doors.headquarters, ...doors.regional, doors.admin])
      expect(await accounts.signIn(email, password)).not.toBeNull()
    expect((await pinsOfStore(ledger, doors.store.id)).length).toBeGreaterThanOrEqual(4)
    const code = await giveCode(ledger, doors, NOW)
    const device = await enrolDevice(ledger, hashCode(code), hashToken('token'), NOW)
    expect(device?.store_id).toBe(doors.store.id)
    const text = describeDoors(doors, code, 'http://localhost:8080')
    for (const word of [code, doors.pin, doors.clerk, doors.headquarters.password])
      expect(text).toContain(word)
  } finally {
    await accounts.close()
    await ledger.close()
  }
}, 120_000)

test('a second start keeps the data and the ways in, a fresh one does not', async () => {
  const first = await prepare(false)
  expect(await prepare(false)).toEqual(first)
  expect(await prepare(true)).not.toEqual(first)
}, 120_000)

test('making that was cut short starts over', async () => {
  writeFileSync(join(dataDir, 'demo.json'), '{"state":"making","made_at":0,"doors":null}')
  writeFileSync(join(dataDir, 'ledger.sqlite'), 'half a database')
  expect((await prepare(false)).clerk).not.toBe('')
}, 120_000)

test('a real installation is left alone, even when asked to start over', async () => {
  writeFileSync(join(dataDir, 'ledger.sqlite'), 'precious')
  await expect(prepare(true)).rejects.toThrow(DemoError)
  expect(existsSync(join(dataDir, 'demo.json'))).toBe(false)
})
