// What the tests of the sync share: tablets with a real local database, whose requests go through
// the real transport to the real ledger, over a network that can be made to fail in every way a
// network fails. Nothing of ours is replaced; only clock, network and browser storage are given.
import { createHmac } from 'node:crypto'
import type { Session } from '#model/access.ts'
import { must } from '#model/assert.ts'
import {
  type ErasedAsk,
  PROTOCOL,
  PROTOCOL_HEADER,
  type Pull,
  type Push,
  type Renew,
} from '#model/protocol.ts'
import { addEmptied, createEnrolment, enrolDevice, sessionOfToken } from '#sql/devices.ts'
import { erasedAmong } from '#sql/forgotten.ts'
import { pinsOfStore } from '#sql/people.ts'
import { pull } from '#sql/pull.ts'
import { push } from '#sql/push.ts'
import { renewDevice, selfOf } from '#sql/renew.ts'
import { manifest, part } from '#sql/snapshot.ts'
import { id, MONDAY_10AM, type TestChain } from '#sql/test-ledger.ts'
import { nodePorts } from '#sql/ports.ts'
import { type Local, type LocalDeps, openLocal } from '#web/local/database.ts'
import { saveEnrolment } from '#web/local/enrolment.ts'
import type { OpState } from '#web/local/tables.ts'
import { Engine, type EngineDeps, type Phase } from './engine.ts'
import { HttpTransport } from './transport.ts'

/**
 * What happens to one request: `lost` on its way there, `unanswered` after it took effect, `cut`
 * in the middle of the answer, `twice` delivered, `portal` answered by a sign-in page, `down` at
 * the proxy, `late` answered only when `arrive` is called.
 */
export type Fault = 'lost' | 'unanswered' | 'cut' | 'twice' | 'portal' | 'down' | 'late'

export interface World {
  chain: TestChain
  /** The server's clock, in ms. */
  now: number
}

const JSON_TYPE = 'application/json'
const OWN_HEADERS = { [PROTOCOL_HEADER]: String(PROTOCOL) }
const DEVICE_SALT = '00'.repeat(32)

function json(body: unknown, status = 200): Response {
  const headers = { ...OWN_HEADERS, 'content-type': JSON_TYPE }
  return new Response(JSON.stringify(body), { status, headers })
}

async function clerksOf({ chain }: World, store: string) {
  const pins = await pinsOfStore(chain.ledger, store)
  const key = Buffer.from(DEVICE_SALT, 'hex')
  const clerks = pins.map(({ hash, ...pin }) => {
    const verifier = createHmac('sha256', key).update(Buffer.from(hash, 'hex')).digest('hex')
    return { ...pin, verifier }
  })
  return { device_salt: DEVICE_SALT, clerks }
}

/** The cookie of one browser, as the session that it stands for; null without one. */
export interface Jar {
  session: Session | null
}

interface Served {
  answer: Response
  /** Set when the answer changes the cookie. */
  cookie?: Session | null
}

async function renew(world: World, session: Session, body: Renew): Promise<Served> {
  const { ledger } = world.chain
  const token = id()
  const reply = await renewDevice(ledger, session, body, token, world.now)
  const answer = json({ ...reply, server_now: world.now })
  return { answer, cookie: await sessionOfToken(ledger, token) }
}

/** The routes of a device over the real ledger; the session is what the cookie says. */
async function serve(
  world: World,
  session: Session | null,
  path: string,
  body: string | undefined,
): Promise<Served> {
  const { ledger } = world.chain
  const content: unknown = JSON.parse(body ?? 'null')
  if (!session) return { answer: json({ code: 'no-session' }, 401) }
  if (isOther(session, content)) return { answer: json({ code: 'device-mismatch' }, 403) }
  if (path === '/api/sync/push')
    return { answer: json(await push(ledger, session, content as Push, world.now)) }
  if (path === '/api/devices/emptied') return { answer: await noteEmptied(world, session) }
  if (session.revoked) return { answer: json({ code: 'device-revoked' }, 403) }
  if (path === '/api/devices/renew') return renew(world, session, content as Renew)
  return { answer: await read(world, session, path, content) }
}

async function noteEmptied({ chain, now }: World, session: Session): Promise<Response> {
  if (!session.revoked) return json({ code: 'forbidden' }, 403)
  await addEmptied(chain.ledger, session, now)
  return json({ server_now: now })
}

/** As the API: a body that names another device comes from a copied database. */
function isOther(session: Session, content: unknown): boolean {
  const isNamed = typeof content === 'object' && content !== null && 'device_id' in content
  return isNamed && content.device_id !== session.device_id
}

async function read(
  world: World,
  session: Session,
  path: string,
  content: unknown,
): Promise<Response> {
  const { ledger } = world.chain
  if (path === '/api/devices/self') return json(await selfOf(ledger, session))
  if (path === '/api/sync/pull')
    return json(await pull(ledger, session, content as Pull, world.now))
  if (path === '/api/sync/snapshot') return json(await manifest(ledger, session.book))
  if (path === '/api/sync/erased')
    return json({ erased: await erasedAmong(ledger, ledger.db, (content as ErasedAsk).customers) })
  if (path === '/api/sync/clerks') return json(await clerksOf(world, session.book))
  const [seq, no] = path.split('/').slice(-2).map(Number)
  const bytes = await part(ledger, session.book, seq ?? -1, no ?? -1)
  if (!bytes) return json({ code: 'not-found' }, 404)
  const headers = { ...OWN_HEADERS, 'content-type': 'application/octet-stream' }
  return new Response(new Uint8Array(bytes), { headers })
}

async function cutShort(answer: Response): Promise<Response> {
  const whole = new Uint8Array(await answer.arrayBuffer())
  return new Response(whole.slice(0, Math.floor(whole.length / 2)), answer)
}

/** One tablet at the counter. */
export class TestTablet {
  readonly world: World
  readonly local: Local
  readonly engineDeps: EngineDeps
  readonly engine: Engine
  readonly actor: { actor_id: string; unlock_id: string }
  /** Shared by the tabs of one browser. */
  readonly jar: Jar
  /** Asked before each request, by its path. */
  faultOf: (path: string) => Fault | null = () => null
  /** What somebody in between answers in the server's place; null: nobody does. */
  answerOf: (path: string) => Response | null = () => null
  readonly phases: Phase[] = []
  /** Lets the answers arrive that are late. */
  arrive: () => void = () => undefined
  readonly #arrived = new Promise<void>((resolve) => {
    this.arrive = resolve
  })
  readonly requests: string[] = []

  constructor(world: World, local: Local, jar: Jar, actorId: string) {
    this.world = world
    this.local = local
    this.jar = jar
    this.actor = { actor_id: actorId, unlock_id: id() }
    this.engineDeps = {
      local,
      transport: new HttpTransport({ fetch: this.#fetch, now: () => world.now }),
      appVersion: 'test',
      storage: () => Promise.resolve({ usage: 1, quota: 2, persisted: true }),
      sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms).unref()),
      exclusively: (work) => work(),
      onPhase: (phase) => this.phases.push(phase),
    }
    this.engine = new Engine(this.engineDeps)
  }

  /** The network between this tablet and the ledger. */
  readonly #fetch: typeof fetch = async (input, options) => {
    const path = String(input)
    const body = typeof options?.body === 'string' ? options.body : undefined
    this.requests.push(path)
    const foreign = this.answerOf(path)
    if (foreign) return foreign
    const fault = this.faultOf(path)
    if (fault === 'lost') throw new TypeError('network')
    if (fault === 'portal')
      return new Response('<html>Sign in</html>', { headers: { 'content-type': 'text/html' } })
    if (fault === 'down') return new Response('Bad gateway', { status: 502 })
    if (fault === 'twice') await serve(this.world, this.jar.session, path, body)
    const { answer, cookie } = await serve(this.world, this.jar.session, path, body)
    if (fault === 'unanswered') throw new TypeError('network')
    if (fault === 'late') await this.#arrived
    if (cookie !== undefined) this.jar.session = cookie // It stands in the answer's head.
    return fault === 'cut' ? cutShort(answer) : answer
  }

  get session(): Session {
    return must(this.jar.session, 'a session')
  }

  set session(session: Session) {
    this.jar.session = session
  }

  async count(...states: OpState[]): Promise<number> {
    return this.local.db.op.where('state').anyOf(states).count()
  }
}

/** Enrols a tablet at one of the chain's stores, by a real code; its clock may be wrong. */
export async function openTablet(world: World, store: 0 | 1 | 2, skewMs = 0): Promise<TestTablet> {
  const { stores, clerks } = world.chain
  const deps: LocalDeps = {
    now: () => world.now + skewMs,
    monotonic: () => 0,
    uuid: nodePorts.uuid,
    sha256: nodePorts.sha256,
  }
  const local = await openLocal(deps, `tablet-${id()}`)
  const session = await enrolAgain(world, local, stores[store])
  return new TestTablet(world, local, { session }, clerks[store])
}

/** A second tab on the same database: another engine, the same device. */
export function openTab({ world, local, jar, actor }: TestTablet): TestTablet {
  return new TestTablet(world, local, jar, actor.actor_id)
}

/** The browser with another database under it: emptied, set back, or a copy of it elsewhere. */
export function onDatabase({ world, actor }: TestTablet, local: Local, jar: Jar): TestTablet {
  return new TestTablet(world, local, jar, actor.actor_id)
}

/** A new device in the ledger, kept in the local database as the enrolment's answer would be. */
export async function enrolAgain(world: World, local: Local, store: string): Promise<Session> {
  const { ledger, admin } = world.chain
  const code = { code_hash: id(), store_id: store, name: 'Counter', uses: 1 }
  const until = MONDAY_10AM + 1e12
  await createEnrolment(ledger, { ...code, until, created_by: admin.actor_id }, world.now)
  const enrolled = await enrolDevice(ledger, code.code_hash, id(), world.now)
  if (!enrolled) throw new Error('the code was not taken')
  await saveEnrolment(local, { ...enrolled, server_now: world.now })
  const { device_id } = enrolled
  return { device_id, book: store, role: 'tablet', revoked: false, actor_id: null }
}

/** Syncs until nothing waits and nothing is on its way; throws when that never comes. */
export async function settleDown(tablets: readonly TestTablet[], rounds = 12): Promise<void> {
  for (let round = 0; round < rounds; round += 1) {
    let isQuiet = true
    for (const tablet of tablets) {
      tablet.faultOf = () => null
      tablet.requests.length = 0
      const { ok } = await tablet.engine.cycle()
      const open = await tablet.count('waiting', 'sent')
      if (!ok || open > 0 || round < 2) isQuiet = false
    }
    if (isQuiet) return
  }
  throw new Error('the tablets do not come to rest')
}
