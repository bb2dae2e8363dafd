import type { Context } from 'hono'
import * as v from 'valibot'
import { scopeOf } from '#model/access.ts'
import { CustomerErase } from '#model/customer.ts'
import { id } from '#model/id.ts'
import { Transfer } from '#model/transfer.ts'
import { isStoreInScope } from '#sql/fleet-scope.ts'
import { presentHome } from '#sql/forwards.ts'
import { type TimedDraft, writeDrafts } from '#sql/write.ts'
import { deskWriter, HEADQUARTERS } from './admin.ts'
import type { Deps } from './deps.ts'
import { DESK_ROLES } from './desk.ts'
import { ApiError } from './errors.ts'
import { readJson } from './guard.ts'
import type { DeskEnv } from './request.ts'
import type { Route } from './route.ts'

const Erase = v.pick(CustomerErase, ['cause'])
const Move = v.pick(Transfer, ['to_store_id'])

/** What happens to a customer as a whole: another home, or being forgotten. */
export function customerMoveRoutes(deps: Deps): Route[] {
  return [
    {
      who: 'desk',
      roles: HEADQUARTERS,
      method: 'POST',
      path: '/api/admin/customers/:home/:id/erase',
      handle: (c) => erase(c, deps),
    },
    {
      who: 'desk',
      roles: DESK_ROLES,
      method: 'POST',
      path: '/api/desk/customers/:home/:id/transfer',
      handle: (c) => transfer(c, deps),
    },
  ]
}

interface Found {
  customerId: string
  /** Where the customer lives today; the path may name a former home. */
  home: string
}

/** The customer of the path. One outside the reader's scope is answered as one who is not. */
async function findCustomer(c: Context<DeskEnv>, { ledger }: Deps): Promise<Found> {
  const [named, customerId] = [c.req.param('home'), c.req.param('id')]
  if (!v.is(id, named) || !v.is(id, customerId)) throw new ApiError('not-found')
  const home = await presentHome(ledger, named, customerId)
  if (home === null || !(await isStoreInScope(ledger, scopeOf(c.var.actor), home)))
    throw new ApiError('not-found')
  return { customerId, home }
}

/** Writes one op in the person's name; what the ledger refuses is told with its reason. */
async function writeOne(c: Context<DeskEnv>, deps: Deps, draft: TimedDraft): Promise<Response> {
  const writer = await deskWriter(deps, c.var.actor)
  const [result] = await writeDrafts(deps.ledger, writer, [draft], deps.clock())
  if (result?.status === 'applied') return c.json({})
  const isAccess = result?.reason === 'role' || result?.reason === 'not-assigned'
  throw new ApiError(isAccess ? 'forbidden' : 'malformed', result?.reason)
}

async function erase(c: Context<DeskEnv>, deps: Deps): Promise<Response> {
  const { cause } = await readJson(c, Erase)
  const { customerId: record_id, home } = await findCustomer(c, deps)
  const payload = { home_store_id: home, cause }
  const draft = { store_id: home, kind: 'customer', record_id, type: 'erase', payload } as const
  return writeOne(c, deps, draft)
}

async function transfer(c: Context<DeskEnv>, deps: Deps): Promise<Response> {
  const { to_store_id } = await readJson(c, Move)
  const { customerId: record_id, home } = await findCustomer(c, deps)
  const isNear = await isStoreInScope(deps.ledger, scopeOf(c.var.actor), to_store_id)
  if (!isNear) throw new ApiError('not-found', 'to_store_id')
  const payload = { home_store_id: home, to_store_id }
  const draft = { store_id: home, kind: 'transfer', record_id, type: 'set', payload } as const
  return writeOne(c, deps, draft)
}
