import type { Context } from 'hono'
import { scopeOf } from '#model/access.ts'
import { CHAIN } from '#model/id.ts'
import { feedsInScope, headsOf } from '#sql/feed-heads.ts'
import type { Deps } from './deps.ts'
import { DESK_ROLES } from './desk.ts'
import { ApiError } from './errors.ts'
import type { Listener } from './poke-stream.ts'
import type { Pokes } from './pokes.ts'
import type { DeskEnv, DeviceEnv } from './request.ts'
import type { Route } from './route.ts'
import { deskActorOf, deviceSessionOf, deviceTokenOf } from './session.ts'

const FULL_RETRY_MS = 60_000

/** News as server-sent events: that something is there to be pulled, never what. */
export function pokeRoutes(deps: Deps, pokes: Pokes): Route[] {
  return [
    {
      who: 'device',
      method: 'GET',
      path: '/api/sync/poke',
      handle: (c) => pokeDevice(c, deps, pokes),
    },
    {
      who: 'desk',
      roles: DESK_ROLES,
      method: 'GET',
      path: '/api/desk/poke',
      handle: (c) => pokeDesk(c, deps, pokes),
    },
  ]
}

/** A tablet hears of its store's feed and the chain's, and ends with its session. */
async function pokeDevice(c: Context<DeviceEnv>, deps: Deps, pokes: Pokes): Promise<Response> {
  const { device_id, book } = c.var.session
  const feeds = new Set([CHAIN, book])
  const token = deviceTokenOf(c)
  const check = async () => {
    const session = await deviceSessionOf(deps, token)
    return session && !session.revoked ? feeds : null
  }
  const listener = { key: device_id, who: 'device', feeds, check, cut: () => cut(c) } as const
  return answer(deps, pokes, listener, [...feeds])
}

/** A person hears of the stores in scope, as it is at each heartbeat. */
async function pokeDesk(c: Context<DeskEnv>, deps: Deps, pokes: Pokes): Promise<Response> {
  const { actor } = c.var
  const headers = new Headers({ cookie: c.req.header('cookie') ?? '' })
  const check = async () => {
    const present = await deskActorOf(deps, headers)
    if (!present || !DESK_ROLES.includes(present.role)) return null
    return feedsInScope(deps.ledger, scopeOf(present))
  }
  const feeds = await feedsInScope(deps.ledger, scopeOf(actor))
  const listener = { key: actor.id, who: 'desk', feeds, check, cut: () => cut(c) } as const
  return answer(deps, pokes, listener, [])
}

function cut(c: Context<DeviceEnv> | Context<DeskEnv>): void {
  const env: Partial<typeof c.env> | undefined = c.env // Absent where no socket is.
  env?.incoming?.socket.destroy()
}

/** Listens first and then says where the feeds stand, so that nothing falls in between. */
async function answer(
  { ledger }: Deps,
  pokes: Pokes,
  listener: Listener,
  feeds: readonly string[],
): Promise<Response> {
  const stream = pokes.open(listener)
  if (!stream) throw new ApiError('busy', undefined, FULL_RETRY_MS)
  for (const [feed, seq] of Object.entries(await headsOf(ledger, feeds))) stream.note(feed, seq)
  stream.flush()
  const headers = { 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' }
  return new Response(stream.body, { headers })
}
