import type { Context } from 'hono'
import * as v from 'valibot'
import { NAME_MAX_CHARS } from '#model/limits.ts'
import { Store } from '#model/store.ts'
import { line } from '#model/text.ts'
import { isEmpty, setUpChain } from '#sql/setup.ts'
import type { Deps } from './deps.ts'
import * as fields from './fields.ts'
import { addressOf, countAttempt, readJson } from './guard.ts'
import { Limiter } from './limiter.ts'
import type { PublicEnv } from './request.ts'
import type { Route } from './route.ts'

const Setup = v.object({
  chain_name: line(NAME_MAX_CHARS),
  zone: Store.entries.zone,
  currency: Store.entries.currency,
  country: Store.entries.country,
  admin_name: line(NAME_MAX_CHARS),
  email: fields.email,
  password: fields.password,
})

const WINDOW_MS = 15 * 60_000
const SETUPS_PER_ADDRESS = 20

/** The first run: whoever comes first to an empty installation founds and administers the chain. */
export function setupRoutes(deps: Deps): Route[] {
  const byAddress = new Limiter(SETUPS_PER_ADDRESS, WINDOW_MS)
  return [
    {
      who: 'public',
      method: 'GET',
      path: '/api/setup',
      handle: async (c) => c.json({ empty: await isEmpty(deps.ledger) }),
    },
    {
      who: 'public',
      method: 'POST',
      path: '/api/setup',
      handle: (c) => setUp(c, deps, byAddress),
    },
  ]
}

async function setUp(c: Context<PublicEnv>, deps: Deps, byAddress: Limiter): Promise<Response> {
  const { email, password, ...chain } = await readJson(c, Setup)
  countAttempt(deps.clock(), [byAddress, addressOf(c, deps.trustsProxy)])
  // The ledger lets one of several at once through; only that one reaches the account.
  const made = await setUpChain(deps.ledger, chain, deps.clock())
  await deps.accounts.createAccount({ staff_id: made.staff_id, email, password })
  return c.json(made, 201)
}
