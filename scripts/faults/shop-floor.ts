// A shop whose tablets are real browsers: the chain of the browser tests in a folder of ours, so
// that its ledger can be looked into when the run is over.
import { randomBytes } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { must } from '#model/assert.ts'
import { hashPin } from '#api/pins.ts'
import { hashCode, makeCode } from '#api/tokens.ts'
import { createEnrolment, ensureDesk } from '#sql/devices.ts'
import { openLedger } from '#sql/open-ledger.ts'
import { setPin } from '#sql/people.ts'
import { nodePorts } from '#sql/ports.ts'
import { setUpChain } from '#sql/setup.ts'
import { type TimedDraft, writeDrafts } from '#sql/write.ts'
import { chainDrafts, customerDrafts, PEOPLE } from '../../web/e2e/shop-chain.ts'
import { ledgerFile } from './installation.ts'

const DAY_MS = 86_400_000
const PLACE = { zone: 'Asia/Shanghai', currency: 'CNY', country: 'CN' }

/** Makes the chain with its clerks' PINs; gives a code that lets one tablet in. */
export async function makeShopFloor(folder: string, now: number): Promise<string> {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const ledger = await openLedger(ledgerFile(folder), nodePorts)
  const names = { chain_name: '熟客测试', admin_name: 'Admin' }
  const { staff_id } = await setUpChain(ledger, { ...names, ...PLACE }, now)
  const writer = { session: await ensureDesk(ledger), actor_id: staff_id, unlock_id: null }
  const write = async (drafts: TimedDraft[]) => {
    const results = await writeDrafts(ledger, writer, drafts, now)
    if (results.some(({ status }) => status !== 'applied')) throw new Error('the chain was refused')
  }
  const chain = chainDrafts(nodePorts.uuid, PLACE)
  await write(chain.drafts)
  await write(customerDrafts(nodePorts.uuid, chain.stores, now))
  for (const [index, { pin }] of PEOPLE.entries())
    if (pin !== undefined) {
      const clerk = must(chain.people[index], 'a clerk')
      await setPin(ledger, clerk, await hashPin(pin, randomBytes), now)
    }
  const code = makeCode(randomBytes)
  const store_id = must(chain.stores[0], 'the first store')
  const enrolment = { code_hash: hashCode(code), store_id, name: 'Counter', uses: 1 }
  await createEnrolment(ledger, { ...enrolment, until: now + DAY_MS, created_by: staff_id }, now)
  await ledger.close()
  return code
}
