// The server of one browser test, as a process of its own: a small chain in a folder that is
// thrown away. It takes orders as lines of JSON on its input and answers each with one line.
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { CHAIN } from '#model/id.ts'
import { loadConfig } from '#api/config.ts'
import { createLog } from '#api/log.ts'
import { hashPin } from '#api/pins.ts'
import { type RunningServer, startServer } from '#api/server.ts'
import { hashCode, makeCode } from '#api/tokens.ts'
import { createEnrolment, ensureDesk } from '#sql/devices.ts'
import { setPin } from '#sql/people.ts'
import { setUpChain } from '#sql/setup.ts'
import { writeDrafts } from '#sql/write.ts'
import { sendAway } from './shop-away.ts'
import { chainDrafts, customerDrafts, PEOPLE } from './shop-chain.ts'
import { growChain } from './shop-growth.ts'
import { plantBreak } from './shop-past.ts'
import { tellYears } from './shop-years.ts'
import { verifyOnBothEngines } from './verify.ts'

interface Order {
  do: 'code' | 'verify' | 'assign' | 'grow' | 'break' | 'away' | 'years'
  store_id?: string
  staff_id?: string
  store_ids?: string[]
}

const place = { zone: 'Asia/Shanghai', currency: 'CNY', country: 'CN' }

async function makeShop({ ledger, accounts }: RunningServer, many: number | undefined) {
  const now = Date.now()
  const founded = await setUpChain(
    ledger,
    { chain_name: '熟客测试', admin_name: 'Admin', ...place },
    now,
  )
  const writer = { session: await ensureDesk(ledger), actor_id: founded.staff_id, unlock_id: null }
  const chain = chainDrafts(ledger.ports.uuid, place)
  const results = await writeDrafts(ledger, writer, chain.drafts, now)
  const customers = customerDrafts(ledger.ports.uuid, chain.stores, now, many)
  results.push(...(await writeDrafts(ledger, writer, customers, now)))
  const refused = results.find((result) => result.status !== 'applied')
  if (refused) throw new Error(`the test chain was refused: ${JSON.stringify(refused)}`)
  for (const [index, { pin, email, password }] of PEOPLE.entries()) {
    const staff_id = chain.people[index] ?? ''
    if (pin) await setPin(ledger, staff_id, await hashPin(pin, randomBytes), now)
    if (email && password) await accounts.createAccount({ staff_id, email, password })
  }
  return { ...chain, admin_id: founded.staff_id }
}

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'regulars-e2e-'))
  const config = loadConfig({
    DATA_DIR: folder,
    PORT: process.env.PORT ?? '0',
    LOG_LEVEL: 'silent',
  })
  const server = await startServer(config, createLog('silent'))
  const { drafts: _drafts, ...shop } = await makeShop(
    server,
    process.argv[2] ? Number(process.argv[2]) : undefined,
  )
  const say = (answer: object) => process.stdout.write(`${JSON.stringify(answer)}\n`)
  say({ url: server.url, ...shop })
  for await (const line of createInterface({ input: process.stdin })) {
    const order = JSON.parse(line) as Order
    if (order.do === 'verify') say(await verifyOnBothEngines(server.ledger))
    else if (order.do === 'assign') say(await assign(server, shop.admin_id, order))
    else if (order.do === 'grow')
      say({ stores: await growChain(server.ledger, shop.admin_id, shop.regions, place) })
    else if (order.do === 'away')
      say({ store: await sendAway(server.ledger, shop.admin_id, shop, place) })
    else if (order.do === 'years') {
      await tellYears(server.ledger, shop.admin_id, shop.stores)
      say({})
    } else if (order.do === 'break')
      say({ at: await plantBreak(server.ledger, shop.admin_id, order.store_id ?? '') })
    else say({ code: await giveCode(server, shop.admin_id, order.store_id ?? '') })
  }
  await server.close()
  rmSync(folder, { recursive: true, force: true })
}

/** Headquarters says at which stores a person works, as its page of people does. */
async function assign({ ledger }: RunningServer, actor_id: string, order: Order) {
  const { staff_id: record_id = '', store_ids } = order
  const writer = { session: await ensureDesk(ledger), actor_id, unlock_id: null }
  const draft = { store_id: CHAIN, kind: 'staff', record_id, type: 'set' as const }
  const drafts = [{ ...draft, payload: { store_ids } }]
  const [result] = await writeDrafts(ledger, writer, drafts, Date.now())
  return { status: result?.status }
}

async function giveCode({ ledger }: RunningServer, created_by: string, store_id: string) {
  const code = makeCode(randomBytes)
  const now = Date.now()
  const until = now + 3_600_000
  const enrolment = { code_hash: hashCode(code), store_id, name: '测试平板', uses: 1, until }
  await createEnrolment(ledger, { ...enrolment, created_by }, now)
  return code
}

await main()
