import type { Context } from 'hono'
import * as v from 'valibot'
import { id } from '#model/id.ts'
import { actorOf, setPin } from '#sql/people.ts'
import { HEADQUARTERS, refuseOverAdmins } from './admin.ts'
import type { Deps } from './deps.ts'
import { DESK_ROLES } from './desk.ts'
import { ApiError } from './errors.ts'
import * as fields from './fields.ts'
import { countAttempt, readJson } from './guard.ts'
import { Limiter } from './limiter.ts'
import { hashPin, isWeakPin } from './pins.ts'
import type { DeskEnv } from './request.ts'
import type { Route } from './route.ts'

const Pin = v.object({ staff_id: id, pin: v.pipe(v.string(), v.regex(/^\d{6}$/)) })
const Account = v.object({ staff_id: id, email: fields.email, password: fields.password })

const WINDOW_MS = 60_000
// A hash costs a good part of a second of one core: nobody may keep the server busy with them.
const HASHES_PER_PERSON = 60

/** What people get in with: PINs for tablets, accounts for the desk. */
export function adminPeopleRoutes(deps: Deps): Route[] {
  const hashes = new Limiter(HASHES_PER_PERSON, WINDOW_MS)
  return [
    {
      who: 'desk',
      roles: HEADQUARTERS,
      method: 'POST',
      path: '/api/admin/pins',
      handle: (c) => givePin(c, deps, hashes),
    },
    {
      who: 'desk',
      roles: ['admin'],
      method: 'POST',
      path: '/api/admin/accounts',
      handle: (c) => giveAccount(c, deps, hashes),
    },
    {
      who: 'desk',
      roles: ['admin'],
      method: 'GET',
      path: '/api/admin/accounts',
      handle: async (c) => c.json(await deps.accounts.listAccounts()),
    },
  ]
}

async function givePin(c: Context<DeskEnv>, deps: Deps, hashes: Limiter): Promise<Response> {
  const { staff_id, pin } = await readJson(c, Pin)
  if (isWeakPin(pin)) throw new ApiError('weak-pin', 'pin')
  countAttempt(deps.clock(), [hashes, c.var.actor.id])
  if (!(await actorOf(deps.ledger, staff_id))?.active) throw new ApiError('not-found', 'staff_id')
  await refuseOverAdmins(deps, c.var.actor, [staff_id])
  await setPin(deps.ledger, staff_id, await hashPin(pin, deps.random), deps.clock())
  return c.json({})
}

/** A first account, or a new e-mail and password for one that is there. */
async function giveAccount(c: Context<DeskEnv>, deps: Deps, hashes: Limiter): Promise<Response> {
  const account = await readJson(c, Account)
  countAttempt(deps.clock(), [hashes, c.var.actor.id])
  const person = await actorOf(deps.ledger, account.staff_id)
  if (!person?.active) throw new ApiError('not-found', 'staff_id')
  if (!DESK_ROLES.includes(person.role)) throw new ApiError('malformed', 'staff_id')
  if (await deps.accounts.changeAccount(account)) return c.json({})
  await deps.accounts.createAccount(account)
  return c.json({}, 201)
}
