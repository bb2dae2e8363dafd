import type { Context } from 'hono'
import { CHAIN } from '#model/id.ts'
import { BATCH_MAX_BYTES } from '#model/limits.ts'
import { formatFor, type PartFormat } from '#model/part.ts'
import { type ClerksReply, ErasedAsk, type ErasedReply, Pull, PushBody } from '#model/protocol.ts'
import { erasedAmong } from '#sql/forgotten.ts'
import { pinsOfStore } from '#sql/people.ts'
import { pull, refuseOldSchema } from '#sql/pull.ts'
import { push } from '#sql/push.ts'
import { manifest, part } from '#sql/snapshot.ts'
import type { Lane } from './admission.ts'
import type { Deps } from './deps.ts'
import { ApiError } from './errors.ts'
import { readFrame, readJson } from './guard.ts'
import type { Live } from './live.ts'
import { deviceSalt, verifierFor } from './pins.ts'
import type { DeviceEnv } from './request.ts'
import type { Route } from './route.ts'

const SCHEMA_HEADER = 'x-regulars-schema'

/** What tablets and the ledger say to each other. The store is that of the session. */
export function syncRoutes(deps: Deps, live: Live): Route[] {
  const fetch = (path: string, serve: (c: Context<DeviceEnv>) => Promise<Response>): Route => ({
    who: 'device',
    method: 'GET',
    path,
    handle: (c) => {
      refuseOldSchema(schemaOf(c))
      return inTurn(c, live, 'fetch', () => serve(c))
    },
  })
  return [
    {
      who: 'device',
      method: 'POST',
      path: '/api/sync/push',
      takesRevoked: true,
      handle: (c) => takePush(c, deps, live),
    },
    {
      who: 'device',
      method: 'POST',
      path: '/api/sync/pull',
      handle: (c) => takePull(c, deps, live),
    },
    fetch('/api/sync/snapshot', async (c) =>
      c.json(await manifest(deps.ledger, c.var.session.book, formatOf(c))),
    ),
    fetch('/api/sync/part/:seq/:no', (c) => getPart(c, deps)),
    { who: 'device', method: 'GET', path: '/api/sync/clerks', handle: (c) => getClerks(c, deps) },
    {
      who: 'device',
      method: 'POST',
      path: '/api/sync/erased',
      handle: (c) => getErased(c, deps),
    },
  ]
}

/** Serves a device when its turn comes; one that hangs up while it waits is passed over. */
function inTurn(
  c: Context<DeviceEnv>,
  { admission }: Live,
  lane: Lane,
  work: () => Promise<Response>,
): Promise<Response> {
  return admission.run(c.var.session.device_id, lane, work, c.req.raw.signal)
}

async function takePush(c: Context<DeviceEnv>, deps: Deps, live: Live): Promise<Response> {
  const body = await live.admission.read(() => readFrame(c, PushBody, BATCH_MAX_BYTES))
  const { session } = c.var
  refuseOther(c, body.device_id)
  return inTurn(c, live, 'push', async () => {
    const reply = await push(deps.ledger, session, body, deps.clock())
    live.pokes.contact(session.book)
    return c.json(reply)
  })
}

async function takePull(c: Context<DeviceEnv>, deps: Deps, live: Live): Promise<Response> {
  const body = await live.admission.read(() => readJson(c, Pull))
  const { session } = c.var
  refuseOther(c, body.device_id)
  const isForeign = (feed: string) => feed !== CHAIN && feed !== session.book
  if (Object.keys(body.feeds).some(isForeign)) throw new ApiError('not-your-store', 'feeds')
  return inTurn(c, live, 'pull', async () => {
    const reply = await pull(deps.ledger, session, body, deps.clock())
    live.pokes.contact(session.book)
    return c.json(reply)
  })
}

/** The schema that a device names in a header where a request has no body; absent: the first. */
function schemaOf(c: Context): number | null {
  const text = c.req.header(SCHEMA_HEADER) ?? ''
  return /^\d{1,6}$/.test(text) ? Number(text) : null
}

/** A device that says no schema is of the first version. */
function formatOf(c: Context): PartFormat {
  return formatFor(schemaOf(c) ?? 1)
}

/** A body that names another device comes from a copied database: its ops are not this one's. */
function refuseOther(c: Context<DeviceEnv>, deviceId: string): void {
  if (deviceId !== c.var.session.device_id) throw new ApiError('device-mismatch')
}

async function getPart(c: Context<DeviceEnv>, { ledger }: Deps): Promise<Response> {
  const [seq, no] = [c.req.param('seq') ?? '', c.req.param('no') ?? '']
  if (!/^\d{1,15}$/.test(seq) || !/^\d{1,9}$/.test(no)) throw new ApiError('not-found')
  const bytes = await part(ledger, c.var.session.book, Number(seq), Number(no), formatOf(c))
  if (!bytes) throw new ApiError('not-found')
  return c.body(new Uint8Array(bytes), 200, { 'content-type': 'application/octet-stream' })
}

async function getErased(c: Context<DeviceEnv>, { ledger }: Deps): Promise<Response> {
  const { customers } = await readJson(c, ErasedAsk)
  return c.json({ erased: await erasedAmong(ledger, ledger.db, customers) } satisfies ErasedReply)
}

async function getClerks(c: Context<DeviceEnv>, { ledger, secret }: Deps): Promise<Response> {
  const { device_id, book } = c.var.session
  const salt = deviceSalt(secret, device_id)
  const pins = await pinsOfStore(ledger, book)
  const clerks = pins.map(({ hash, ...pin }) => ({ ...pin, verifier: verifierFor(salt, hash) }))
  return c.json({ device_salt: salt, clerks } satisfies ClerksReply)
}
