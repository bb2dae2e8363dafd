// What is at stake: a backup that nobody can restore, found out on the day it is needed; and a
// restore that loses what was there, or lets a server write into the file it is replacing.
import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { promisify } from 'node:util'
import Database from 'better-sqlite3'
import { eq } from 'drizzle-orm'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { must } from '#model/assert.ts'
import { backUpSqlite, copySqlite, verifyBackup } from './backup.ts'
import { BackupError, folderName, KEEP, outdated, timeOfFolder } from './backup-files.ts'
import { addEmptied, revokeDevice } from './devices.ts'
import { lossRows } from './fleet-losses.ts'
import type { Ledger } from './ledger.ts'
import { openLedger } from './open-ledger.ts'
import { nodePorts } from './ports.ts'
import { rebuild } from './rebuild.ts'
import { renewEpochs, restoreSqlite } from './restore.ts'
import { manifest } from './snapshot.ts'
import { enrolTablet, id, makeChain, MONDAY_10AM, type TestChain } from './test-ledger.ts'
import { verifyChains } from './verify.ts'

let folder = ''
let path = ''
let backup = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'regulars-backup-'))
  path = join(folder, 'ledger.sqlite')
  backup = join(folder, 'backup')
  mkdirSync(backup)
})

afterEach(() => {
  rmSync(folder, { recursive: true })
})

async function openWorld(): Promise<TestChain> {
  return makeChain(await openLedger(path, nodePorts))
}

function backUp() {
  const accounts = join(folder, 'accounts.sqlite')
  return backUpSqlite({ ledger: path, accounts }, backup, MONDAY_10AM)
}

async function expectSound(ledger: Ledger): Promise<void> {
  expect(await verifyChains(ledger, () => undefined)).toMatchObject({ broken: 0 })
  expect(await rebuild(ledger, { write: false })).toEqual([])
}

test('a backup taken while tablets push is of one moment, and holds all that was answered before', async () => {
  const chain = await openWorld()
  const tablets = [await enrolTablet(chain, 0), await enrolTablet(chain, 2)]
  const customer = id()
  await must(tablets[0], 'a tablet').push([must(tablets[0], 'a tablet').customer(customer)])
  let answered = 0
  let isOver = false
  const work = tablets.map(async (tablet) => {
    while (!isOver) {
      await tablet.push([tablet.visit(customer, chain.stores[0]), tablet.visit(null, null)])
      answered += 2
      await setTimeout(5) // The driver is synchronous: others need their turn.
    }
  })
  await setTimeout(100)
  const before = answered
  // Another process takes the copy, as the command does.
  const program = `const { copySqlite } = await import(${JSON.stringify(join(import.meta.dirname, 'backup.ts'))})
    copySqlite(${JSON.stringify(path)}, ${JSON.stringify(join(backup, 'ledger.sqlite'))})`
  await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program])
  const after = answered
  isOver = true
  await Promise.all(work)
  const copy = await openLedger(join(backup, 'ledger.sqlite'), nodePorts)
  const ofStores = await copy.db.select().from(copy.t.visit)
  expect(ofStores.length).toBeGreaterThanOrEqual(before)
  expect(after).toBeGreaterThan(before)
  await expectSound(copy)
  await copy.close()
  await chain.ledger.close()
}, 60_000)

test('a backup whose bytes turned, or that lacks a file, is refused with its reason', async () => {
  const chain = await openWorld()
  await chain.ledger.close()
  const { files, devices } = await backUp()
  expect(files.map((file) => file.name)).toEqual(['ledger.sqlite'])
  expect(devices.length).toBeGreaterThan(0)
  const copy = join(backup, 'ledger.sqlite')
  const bytes = readFileSync(copy)
  const turned = Buffer.from(bytes)
  turned[9000] = must(turned[9000], 'a byte') ^ 4
  writeFileSync(copy, turned)
  await expect(verifyBackup(backup)).rejects.toThrow(/SHA-256/)
  await expect(restoreSqlite(backup, folder, MONDAY_10AM)).rejects.toThrow(BackupError)
  rmSync(copy)
  await expect(verifyBackup(backup)).rejects.toThrow(/missing/)
  writeFileSync(copy, bytes)
  await expect(verifyBackup(backup)).resolves.toMatchObject({ engine: 'sqlite' })
  await expect(verifyBackup(folder)).rejects.toThrow(/no backup/)
})

test('a ledger with a turned byte does not become a backup', async () => {
  const chain = await openWorld()
  await chain.ledger.close()
  const file = new Database(path)
  file.exec(`update op set op = replace(op, 'Region 0', 'Region 9')`)
  file.close()
  await expect(backUp()).rejects.toThrow(/faults in the ops/)
})

test('a restore waits for no server: it refuses while one has the file', async () => {
  const chain = await openWorld()
  await backUp()
  await expect(restoreSqlite(backup, folder, MONDAY_10AM)).rejects.toThrow(/in use/)
  await chain.ledger.close()
  await restoreSqlite(backup, folder, MONDAY_10AM)
}, 30_000)

test('what was there is put aside whole, and epochs are new', async () => {
  const chain = await openWorld()
  const tablet = await enrolTablet(chain, 0)
  await backUp()
  const late = await tablet.push([tablet.visit(null, null)])
  await chain.ledger.close()
  const { aside, since } = await restoreSqlite(backup, folder, MONDAY_10AM + 1)
  expect(since).toMatchObject({ tabletOps: 1, otherOps: 0, newTablets: 0 })
  const old = await openLedger(must(aside, 'the file put aside'), nodePorts)
  expect(await old.db.select().from(old.t.visit)).toHaveLength(1)
  await old.close()
  const ledger = await openLedger(path, nodePorts)
  expect(await ledger.db.select().from(ledger.t.visit)).toHaveLength(0)
  const { deviceState, deviceEvent } = ledger.t
  const [state] = await ledger.db
    .select()
    .from(deviceState)
    .where(eq(deviceState.device_id, tablet.session.device_id))
  expect(state?.epoch).not.toBe(late.epoch)
  expect(
    await ledger.db.select().from(deviceEvent).where(eq(deviceEvent.kind, 'restored')),
  ).toEqual([expect.objectContaining({ at: MONDAY_10AM + 1, detail: { made_at: MONDAY_10AM } })])
  await expectSound(ledger)
  await ledger.close()
  expect(readdirSync(folder).filter((name) => name.includes('restoring'))).toEqual([])
})

test('what an emptied tablet wrote after the backup is on record as lost', async () => {
  const chain = await openWorld()
  const tablet = await enrolTablet(chain, 0)
  await tablet.push([tablet.visit(null, null)])
  await backUp()
  await tablet.push([tablet.visit(null, null), tablet.visit(null, null)])
  await revokeDevice(chain.ledger, chain.admin, tablet.session.device_id, MONDAY_10AM)
  await addEmptied(chain.ledger, tablet.session, MONDAY_10AM)
  await chain.ledger.close()
  const { since } = await restoreSqlite(backup, folder, MONDAY_10AM + 1)
  expect(since).toMatchObject({ tabletOps: 0, emptiedOps: 2, revokedAgain: 1, newTablets: 0 })
  const ledger = await openLedger(path, nodePorts)
  const { device_id } = tablet.session
  expect(await lossRows(ledger, { all: true }, 'open', MONDAY_10AM + 2)).toMatchObject([
    { device_id, from_n: 2, to_n: 3, cause: 'skipped', staff_ids: [tablet.actor] },
  ])
  await expectSound(ledger)
  await ledger.close()
})

test('a restore lets no revoked device in again', async () => {
  const chain = await openWorld()
  const tablet = await enrolTablet(chain, 0)
  await backUp()
  await revokeDevice(chain.ledger, chain.admin, tablet.session.device_id, MONDAY_10AM)
  await chain.ledger.close()
  const { since } = await restoreSqlite(backup, folder, MONDAY_10AM + 1)
  expect(since).toMatchObject({ otherOps: 1, revokedAgain: 1 })
  const ledger = await openLedger(path, nodePorts)
  const { device } = ledger.t
  const [record] = await ledger.db
    .select()
    .from(device)
    .where(eq(device.id, tablet.session.device_id))
  expect(record?.state).toBe('revoked')
  await ledger.close()
})

test('a broken ledger is replaced only on the word that no server runs, and is kept', async () => {
  const chain = await openWorld()
  await chain.ledger.close()
  await backUp()
  writeFileSync(path, 'no database at all, but long enough to be asked for its header'.repeat(9))
  await expect(restoreSqlite(backup, folder, MONDAY_10AM)).rejects.toThrow(/--stopped/)
  const { aside, since } = await restoreSqlite(backup, folder, MONDAY_10AM, true)
  expect(since).toBeNull()
  expect(readFileSync(must(aside, 'the file put aside'), 'utf8')).toContain('no database')
  const ledger = await openLedger(path, nodePorts)
  await expectSound(ledger)
  await ledger.close()
})

test('packed parts of what is still there are kept under the new epoch', async () => {
  const chain = await openWorld()
  const tablet = await enrolTablet(chain, 0)
  await tablet.push([tablet.customer(id()), tablet.customer(id())])
  const before = await manifest(chain.ledger, chain.stores[0])
  await renewEpochs(chain.ledger, MONDAY_10AM)
  const after = await manifest(chain.ledger, chain.stores[0])
  expect(after.epoch).not.toBe(before.epoch)
  expect(after.seq).toBe(before.seq)
  expect(after.parts).toEqual(before.parts)
  await chain.ledger.close()
})

test('a copy holds nothing of what was deleted', async () => {
  const chain = await openWorld()
  await chain.ledger.close()
  const file = new Database(path)
  file.exec(`create table secret (a); insert into secret values ('zzyzx-' || hex(randomblob(400)))`)
  file.exec(`drop table secret`)
  file.close()
  copySqlite(path, join(backup, 'copy.sqlite'))
  expect(readFileSync(join(backup, 'copy.sqlite')).includes('zzyzx-')).toBe(false)
})

test('of many backups the newest of each hour, day, week and month stay', () => {
  const HOUR_MS = 3_600_000
  const names = Array.from({ length: 24 * 400 }, (_, hour) =>
    folderName(MONDAY_10AM - hour * HOUR_MS),
  )
  const old = new Set(outdated([...names, 'keys', '2026-11-02'], KEEP))
  const kept = names.filter((name) => !old.has(name))
  expect(old.has('keys')).toBe(false)
  expect(kept[0]).toBe(folderName(MONDAY_10AM))
  const ages = kept.map((name) => (MONDAY_10AM - must(timeOfFolder(name), 'a time')) / HOUR_MS)
  expect(ages.filter((age) => age < 24)).toHaveLength(24)
  expect(kept).toHaveLength(24 + 5 + 2 + 10)
  expect(Math.max(...ages)).toBeGreaterThan(24 * 300)
  const none = { hourly: 0, daily: 0, weekly: 0, monthly: 0 }
  expect(outdated(names, none)).toHaveLength(names.length - 1)
})
