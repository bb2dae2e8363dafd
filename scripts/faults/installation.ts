// A small installation to do harm to: a chain, customers, and tablets that are let in already.
import { randomBytes } from 'node:crypto'
import { copyFileSync, existsSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { hashToken, makeToken } from '#api/tokens.ts'
import { createEnrolment, enrolDevice } from '#sql/devices.ts'
import type { Ledger } from '#sql/ledger.ts'
import { openLedger } from '#sql/open-ledger.ts'
import { nodePorts } from '#sql/ports.ts'
import { rollUp } from '#sql/rollup.ts'
import { type BenchStore, makeStores } from '../bench/stores.ts'

const DAY_MS = 86_400_000

/** What a simulated tablet knows of itself. */
export interface DeviceCard {
  device_id: string
  store_id: string
  clerk: string
  customers: readonly string[]
  token: string
}

export interface Size {
  stores: number
  devicesPerStore: number
  customersPerStore: number
}

/** Lets a tablet in at the store as a code from the desk would. */
export async function enrolCard(
  ledger: Ledger,
  store: BenchStore,
  adminId: string,
  now: number,
): Promise<DeviceCard> {
  const [code_hash, token] = [nodePorts.uuid(), makeToken(randomBytes)]
  const code = { code_hash, store_id: store.id, name: 'Counter', uses: 1, until: now + DAY_MS }
  await createEnrolment(ledger, { ...code, created_by: adminId }, now)
  const device = await enrolDevice(ledger, code_hash, hashToken(token), now)
  if (!device) throw new Error('a tablet was not let in')
  const { id: store_id, clerk, customers } = store
  return { device_id: device.device_id, store_id, clerk, customers, token }
}

/** Founds the chain in `folder`, enrols its tablets and leaves no day to be rolled up. */
export async function makeInstallation(folder: string, size: Size, now: number) {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const ledger = await openLedger(ledgerFile(folder), nodePorts)
  const chain = await makeStores(ledger, size.stores, size.customersPerStore, now)
  const cards: DeviceCard[] = []
  for (const store of chain.stores)
    for (let nth = 0; nth < size.devicesPerStore; nth += 1)
      cards.push(await enrolCard(ledger, store, chain.admin_id, now))
  while ((await rollUp(ledger)) > 0);
  return { ledger, chain, cards }
}

export function ledgerFile(folder: string): string {
  return join(folder, 'ledger.sqlite')
}

const FILES = [
  'secret',
  'ledger.sqlite',
  'ledger.sqlite-wal',
  'accounts.sqlite',
  'accounts.sqlite-wal',
]

/** The installation's files as they lie on disk, write-ahead logs included, in another folder. */
export function copyInstallation(from: string, to: string): void {
  rmSync(to, { recursive: true, force: true })
  mkdirSync(to, { recursive: true, mode: 0o700 })
  for (const name of FILES)
    if (existsSync(join(from, name))) copyFileSync(join(from, name), join(to, name))
}
