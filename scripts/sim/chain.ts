// The chain that every run begins with: three stores in two regions, people of every role, tags,
// five enrolled tablets with some customers and visits. It is made once per process through the
// API, as an administrator makes it, and copied for each run.
import { must } from '#model/assert.ts'
import type { Accounts } from '#api/accounts.ts'
import type { EnrolReply } from '#model/protocol.ts'
import type { Role } from '#model/staff.ts'
import { seededRandom } from '../demo/random.ts'
import { saveEnrolment } from '#web/local/enrolment.ts'
import { createCustomer, logVisit, tally } from '#web/local/write.ts'
import { type Dump, dumpDisk, wipeDisk } from './disk.ts'
import type { Chain } from './chain-plan.ts'
import type { Answer } from './network.ts'
import { jsonOf, Server } from './server.ts'
import type { Storage } from './storage.ts'
import type { Tablet } from './tablet.ts'
import { World } from './world.ts'

/** Monday 2026-11-16, 10:00 in Shanghai. */
export const MORNING = Date.UTC(2026, 10, 16, 2)

/** A tablet as the template has it. */
interface Kept {
  cookie: string
  dump: Dump
}

export interface Template {
  chain: Chain
  tablets: Kept[]
  now: number
  accounts: Accounts
}

/** Which store each of the first tablets stands in. */
const PLACES = [0, 0, 1, 1, 2]
const PASSWORD = 'a long enough password'

export function cookiesOf({ headers }: Answer): string {
  const set = headers.filter(([name]) => name === 'set-cookie').map(([, value]) => value)
  return set.map((cookie) => must(cookie.split(';')[0], 'a cookie')).join('; ')
}

interface Draft {
  kind: string
  record_id: string
  type: string
  payload: object
}

async function mustAsk(world: World, method: string, path: string, cookie: string, body: object) {
  const answer = await world.ask(method, path, cookie, body)
  if (answer.status < 300) return answer
  throw new Error(`${path} answered ${answer.status}: ${JSON.stringify(jsonOf(answer))}`)
}

async function found(world: World, accounts: Accounts): Promise<Chain> {
  const place = { zone: 'Asia/Shanghai', currency: 'CNY', country: 'CN' }
  const setup = { chain_name: '熟客茶行', admin_name: 'Ada', ...place }
  const email = 'admin@example.com'
  await mustAsk(world, 'POST', '/api/setup', '', { ...setup, email, password: PASSWORD })
  const enter = async (who: string) => {
    const body = { email: who, password: PASSWORD }
    return cookiesOf(await mustAsk(world, 'POST', '/api/auth/sign-in', '', body))
  }
  const admin = await enter(email)
  const id = () => world.source.uuid()
  const [regions, stores, tags] = [
    [id(), id()],
    [id(), id(), id()],
    [id(), id(), id()],
  ]
  const clerks = stores.map(() => [id(), id()])
  const [group, manager] = [id(), id()]
  const create = (kind: string, record_id: string, payload: object): Draft => {
    return { kind, record_id, type: 'create', payload }
  }
  const clerk = (name: string, store_ids: (string | undefined)[], role: Role = 'clerk') => {
    return { name, role, store_ids, region_id: null }
  }
  const drafts = [
    ...regions.map((one, i) => create('region', one, { name: `Region ${i}` })),
    ...stores.map((one, i) =>
      create('store', one, { name: `Store ${i}`, region_id: regions[i === 2 ? 1 : 0], ...place }),
    ),
    ...clerks.flatMap(([one, two], i) => [
      create('staff', one ?? '', clerk(`Clerk ${i}`, [stores[i]])),
      create('staff', two ?? '', clerk(`Both ${i}`, [stores[i], stores[(i + 1) % 3]])),
    ]),
    create('staff', manager, clerk('Mia', stores, 'store-manager')),
    create('tag_group', group, { label: 'Skin', required: true }),
    ...tags.map((one, i) => create('tag', one, { group_id: group, label: `Tag ${i}` })),
  ]
  await mustAsk(world, 'POST', '/api/admin/write', admin, { drafts })
  const account = { staff_id: manager, email: 'mia@example.com', password: PASSWORD }
  await accounts.createAccount(account)
  const cookies = { admin, manager: await enter(account.email) }
  return { regions, stores, clerks, tags, group, cookies }
}

/** Makes a tablet a store's, by a code from headquarters. */
export async function enrolTablet(world: World, tablet: Tablet, store: string): Promise<boolean> {
  const { admin } = world.chain.cookies
  const asked = { store_id: store, name: `Counter ${tablet.index}` }
  const given = await world.json('POST', '/api/admin/enrolments', admin, asked)
  const code = (given as { code?: string } | null)?.code
  const answer = await world.ask('POST', '/api/devices/enrol', '', { code: code ?? '' })
  if (answer.status >= 300) return false
  tablet.cookie = cookiesOf(answer)
  await saveEnrolment(await tablet.local(), jsonOf(answer) as EnrolReply)
  world.touched.add(tablet)
  return true
}

/** Founds the chain on an empty ledger and keeps a copy of it, with its tablets' disks. */
export async function makeTemplate(storage: Storage, accounts: Accounts): Promise<Template> {
  const world = new World()
  world.now = MORNING
  world.random = seededRandom('template')
  world.server = new Server(storage, accounts, world.source)
  await world.server.start()
  world.chain = await found(world, accounts)
  const kept: Kept[] = []
  for (const [index, place] of PLACES.entries()) {
    const tablet = world.addTablet(`template-${index}`)
    await enrolTablet(world, tablet, must(world.chain.stores[place], 'a store'))
    await world.sync(tablet, 0, () => null)
    await fillTablet(world, tablet, place)
    await world.sync(tablet, 0, () => null)
  }
  for (const tablet of world.tablets) {
    world.now += 20 * 60_000
    await world.sync(tablet, 0, () => null)
    await world.sync(tablet, 0, () => null)
    tablet.crash()
    kept.push({ cookie: tablet.cookie, dump: dumpDisk(tablet.database) })
    await wipeDisk(tablet.database)
  }
  await world.server.stop()
  await storage.save('template')
  return { chain: world.chain, tablets: kept, now: world.now, accounts }
}

async function fillTablet(world: World, tablet: Tablet, place: number): Promise<void> {
  const local = await tablet.local()
  const actor_id = must(world.chain.clerks[place]?.[0], 'a clerk')
  const author = { actor_id, unlock_id: world.source.uuid() }
  for (const name of ['王芳', 'Ann Lee', 'Bo Chen', '李娜']) {
    world.now += 60_000
    const id = await createCustomer(local, author, { name: `${name}${tablet.index}` })
    await logVisit(local, author, id, 'buy')
  }
  await tally(local, author, 3)
}
