import type { Context } from 'hono'
import { Enrol, type EnrolReply } from '#model/protocol.ts'
import { enrolDevice } from '#sql/devices.ts'
import type { Deps } from './deps.ts'
import { ApiError } from './errors.ts'
import { addressOf, countAttempt, readJson } from './guard.ts'
import { Limiter } from './limiter.ts'
import type { PublicEnv } from './request.ts'
import type { Route } from './route.ts'
import { setDeviceCookie } from './session.ts'
import { hashCode, hashToken, makeToken } from './tokens.ts'

const WINDOW_MS = 15 * 60_000
const ENROLS_PER_ADDRESS = 20

/** How a tablet comes to belong to a store. */
export function deviceRoutes(deps: Deps): Route[] {
  const byAddress = new Limiter(ENROLS_PER_ADDRESS, WINDOW_MS)
  return [
    {
      who: 'public',
      method: 'POST',
      path: '/api/devices/enrol',
      handle: (c) => enrol(c, deps, byAddress),
    },
  ]
}

async function enrol(c: Context<PublicEnv>, deps: Deps, byAddress: Limiter): Promise<Response> {
  const { code } = await readJson(c, Enrol)
  const now = deps.clock()
  const address = addressOf(c, deps.trustsProxy)
  countAttempt(now, [byAddress, address])
  const token = makeToken(deps.random)
  const device = await enrolDevice(deps.ledger, hashCode(code), hashToken(token), now)
  if (!device) throw new ApiError('unknown-code')
  byAddress.forget(address)
  setDeviceCookie(c, token, deps.isHttps)
  return c.json({ ...device, server_now: now } satisfies EnrolReply, 201)
}
