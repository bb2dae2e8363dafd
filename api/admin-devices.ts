import type { Context } from 'hono'
import * as v from 'valibot'
import { Device } from '#model/device.ts'
import { id } from '#model/id.ts'
import { createEnrolment, revokeDevice } from '#sql/devices.ts'
import { deskWriter, HEADQUARTERS } from './admin.ts'
import type { Deps } from './deps.ts'
import { ApiError } from './errors.ts'
import { readJson } from './guard.ts'
import type { Pokes } from './pokes.ts'
import type { DeskEnv } from './request.ts'
import type { Route } from './route.ts'
import { hashCode, makeCode } from './tokens.ts'

const Enrolment = v.object({ store_id: id, name: Device.entries.name })

/** Long enough to read codes to the stores in the morning and enrol until closing. */
const CODE_LASTS_MS = 24 * 3_600_000

/** Letting tablets in, one code each, and shutting them out. */
export function adminDeviceRoutes(deps: Deps, pokes: Pokes): Route[] {
  return [
    {
      who: 'desk',
      roles: HEADQUARTERS,
      method: 'POST',
      path: '/api/admin/enrolments',
      handle: (c) => giveCode(c, deps),
    },
    {
      who: 'desk',
      roles: HEADQUARTERS,
      method: 'POST',
      path: '/api/admin/devices/:id/revoke',
      handle: (c) => revoke(c, deps, pokes),
    },
  ]
}

async function giveCode(c: Context<DeskEnv>, deps: Deps): Promise<Response> {
  const { store_id, name } = await readJson(c, Enrolment)
  const now = deps.clock()
  const code = makeCode(deps.random)
  const enrolment = {
    code_hash: hashCode(code),
    store_id,
    name,
    uses: 1,
    until: now + CODE_LASTS_MS,
    created_by: c.var.actor.id,
  }
  await createEnrolment(deps.ledger, enrolment, now)
  return c.json({ code, expires_at: enrolment.until }, 201)
}

async function revoke(c: Context<DeskEnv>, deps: Deps, pokes: Pokes): Promise<Response> {
  const deviceId = c.req.param('id')
  if (!v.is(id, deviceId)) throw new ApiError('not-found')
  await revokeDevice(deps.ledger, await deskWriter(deps, c.var.actor), deviceId, deps.clock())
  pokes.end(deviceId)
  return c.json({})
}
