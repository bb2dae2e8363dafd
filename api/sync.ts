import type { Context } from 'hono'
import { CHAIN } from '#model/id.ts'
import { BATCH_MAX_BYTES } from '#model/limits.ts'
import { type ClerksReply, Pull, Push } from '#model/protocol.ts'
import { pinsOfStore } from '#sql/people.ts'
import { pull } from '#sql/pull.ts'
import { push } from '#sql/push.ts'
import { manifest, part } from '#sql/snapshot.ts'
import type { Deps } from './deps.ts'
import { ApiError } from './errors.ts'
import { readJson } from './guard.ts'
import { deviceSalt, verifierFor } from './pins.ts'
import type { DeviceEnv } from './request.ts'
import type { Route } from './route.ts'

/** What tablets and the ledger say to each other. The store is that of the session. */
export function syncRoutes(deps: Deps): Route[] {
  return [
    {
      who: 'device',
      method: 'POST',
      path: '/api/sync/push',
      takesRevoked: true,
      handle: (c) => takePush(c, deps),
    },
    { who: 'device', method: 'POST', path: '/api/sync/pull', handle: (c) => takePull(c, deps) },
    {
      who: 'device',
      method: 'GET',
      path: '/api/sync/snapshot',
      handle: async (c) => c.json(await manifest(deps.ledger, c.var.session.book)),
    },
    {
      who: 'device',
      method: 'GET',
      path: '/api/sync/part/:seq/:no',
      handle: (c) => getPart(c, deps),
    },
    { who: 'device', method: 'GET', path: '/api/sync/clerks', handle: (c) => getClerks(c, deps) },
  ]
}

async function takePush(c: Context<DeviceEnv>, { ledger, clock }: Deps): Promise<Response> {
  const body = await readJson(c, Push, BATCH_MAX_BYTES)
  refuseOther(c, body.device_id)
  return c.json(await push(ledger, c.var.session, body, clock()))
}

async function takePull(c: Context<DeviceEnv>, { ledger, clock }: Deps): Promise<Response> {
  const body = await readJson(c, Pull)
  refuseOther(c, body.device_id)
  const { session } = c.var
  const isForeign = (feed: string) => feed !== CHAIN && feed !== session.book
  if (Object.keys(body.feeds).some(isForeign)) throw new ApiError('not-your-store', 'feeds')
  return c.json(await pull(ledger, session, body, clock()))
}

/** A body that names another device comes from a copied database: its ops are not this one's. */
function refuseOther(c: Context<DeviceEnv>, deviceId: string): void {
  if (deviceId !== c.var.session.device_id) throw new ApiError('device-mismatch')
}

async function getPart(c: Context<DeviceEnv>, { ledger }: Deps): Promise<Response> {
  const [seq, no] = [c.req.param('seq') ?? '', c.req.param('no') ?? '']
  if (!/^\d{1,15}$/.test(seq) || !/^\d{1,9}$/.test(no)) throw new ApiError('not-found')
  const bytes = await part(ledger, c.var.session.book, Number(seq), Number(no))
  if (!bytes) throw new ApiError('not-found')
  return c.body(new Uint8Array(bytes), 200, { 'content-type': 'application/octet-stream' })
}

async function getClerks(c: Context<DeviceEnv>, { ledger, secret }: Deps): Promise<Response> {
  const { device_id, book } = c.var.session
  const salt = deviceSalt(secret, device_id)
  const pins = await pinsOfStore(ledger, book)
  const clerks = pins.map(({ hash, ...pin }) => ({ ...pin, verifier: verifierFor(salt, hash) }))
  return c.json({ device_salt: salt, clerks } satisfies ClerksReply)
}
