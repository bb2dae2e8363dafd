import type { Context } from 'hono'
import * as v from 'valibot'
import { id } from '#model/id.ts'
import { chainCustomer, searchChain } from '#sql/search.ts'
import type { Deps } from './deps.ts'
import { ApiError } from './errors.ts'
import { countAttempt, readQuery } from './guard.ts'
import { Limiter } from './limiter.ts'
import type { DeviceEnv } from './request.ts'
import type { Route } from './route.ts'

const ANSWERS_MAX = 50
const WINDOW_MS = 60_000
// Far more than a counter asks in a minute, far less than it takes to copy a chain's customers.
const SEARCHES_PER_DEVICE = 120
const OPENS_PER_DEVICE = 60

/** Customers of the whole chain, for a device that is online. */
export function customerRoutes(deps: Deps): Route[] {
  const searches = new Limiter(SEARCHES_PER_DEVICE, WINDOW_MS)
  const opens = new Limiter(OPENS_PER_DEVICE, WINDOW_MS)
  return [
    {
      who: 'device',
      method: 'GET',
      path: '/api/customers',
      handle: (c) => search(c, deps, searches),
    },
    {
      who: 'device',
      method: 'GET',
      path: '/api/customers/:home/:id',
      handle: (c) => open(c, deps, opens),
    },
  ]
}

async function search(c: Context<DeviceEnv>, deps: Deps, searches: Limiter): Promise<Response> {
  const query = readQuery(c, 'q')
  countAttempt(deps.clock(), [searches, c.var.session.device_id])
  return c.json(await searchChain(deps.ledger, query, ANSWERS_MAX))
}

async function open(c: Context<DeviceEnv>, deps: Deps, opens: Limiter): Promise<Response> {
  const [home, customerId] = [c.req.param('home') ?? '', c.req.param('id') ?? '']
  countAttempt(deps.clock(), [opens, c.var.session.device_id])
  const found =
    v.is(id, home) && v.is(id, customerId)
      ? await chainCustomer(deps.ledger, home, customerId)
      : null
  if (!found) throw new ApiError('not-found')
  return c.json(found)
}
