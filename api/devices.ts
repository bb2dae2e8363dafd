import type { Context } from 'hono'
import * as v from 'valibot'
import {
  type EmptiedReply,
  Enrol,
  type EnrolReply,
  Renew,
  type RenewReply,
} from '#model/protocol.ts'
import { addEmptied, enrolDevice } from '#sql/devices.ts'
import { renewDevice, selfOf } from '#sql/renew.ts'
import type { Deps } from './deps.ts'
import { ApiError } from './errors.ts'
import { addressOf, countAttempt, readJson } from './guard.ts'
import { Limiter } from './limiter.ts'
import type { DeviceEnv, PublicEnv } from './request.ts'
import type { Route } from './route.ts'
import { setDeviceCookie } from './session.ts'
import { hashCode, hashToken, makeToken } from './tokens.ts'

const WINDOW_MS = 15 * 60_000
const ENROLS_PER_ADDRESS = 20
// A new name is needed once in a long while; a device that asks on and on would fill the fleet.
const RENEWALS_PER_DEVICE = 20

/** How a tablet comes to belong to a store, and goes on when its storage did not. */
export function deviceRoutes(deps: Deps): Route[] {
  const byAddress = new Limiter(ENROLS_PER_ADDRESS, WINDOW_MS)
  const renewals = new Limiter(RENEWALS_PER_DEVICE, WINDOW_MS)
  return [
    {
      who: 'public',
      method: 'POST',
      path: '/api/devices/enrol',
      handle: (c) => enrol(c, deps, byAddress),
    },
    {
      who: 'device',
      method: 'GET',
      path: '/api/devices/self',
      handle: async (c) => c.json(await selfOf(deps.ledger, c.var.session)),
    },
    {
      who: 'device',
      method: 'POST',
      path: '/api/devices/emptied',
      takesRevoked: true,
      handle: (c) => noteEmptied(c, deps),
    },
    {
      who: 'device',
      method: 'POST',
      path: '/api/devices/renew',
      handle: (c) => renew(c, deps, renewals),
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

/** Only a device that was shut out empties itself for that. */
async function noteEmptied(c: Context<DeviceEnv>, deps: Deps): Promise<Response> {
  const { session } = c.var
  await readJson(c, v.object({}))
  if (!session.revoked) throw new ApiError('forbidden')
  const now = deps.clock()
  await addEmptied(deps.ledger, session, now)
  return c.json({ server_now: now } satisfies EmptiedReply)
}

/** The device goes on under a new name, by itself: the old cookie is all that it has to show. */
async function renew(c: Context<DeviceEnv>, deps: Deps, renewals: Limiter): Promise<Response> {
  const body = await readJson(c, Renew)
  const now = deps.clock()
  countAttempt(now, [renewals, c.var.session.device_id])
  const token = makeToken(deps.random)
  const renewed = await renewDevice(deps.ledger, c.var.session, body, hashToken(token), now)
  setDeviceCookie(c, token, deps.isHttps)
  return c.json({ ...renewed, server_now: now } satisfies RenewReply, 201)
}
