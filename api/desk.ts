import type { Context } from 'hono'
import * as v from 'valibot'
import { scopeOf } from '#model/access.ts'
import { parseDay } from '#model/calendar.ts'
import { bookId } from '#model/id.ts'
import { parsePeriod, type Period } from '#model/period.ts'
import type { DeskSession } from '#model/report.ts'
import type { Role } from '#model/staff.ts'
import { definitionsReport } from '#sql/restatements.ts'
import { deskSession, historyReport, storesReport } from '#sql/reports.ts'
import type { Deps } from './deps.ts'
import { ApiError } from './errors.ts'
import { readQuery } from './guard.ts'
import type { DeskActor, DeskEnv } from './request.ts'
import type { DeskRoute, Route } from './route.ts'

/** Who works at the desk. What they see there is cut to their scope. */
export const DESK_ROLES: readonly Role[] = ['store-manager', 'regional', 'hq', 'admin']

const HISTORY_MAX_DAYS = 3700

/** What managers and headquarters read. */
export function deskRoutes(deps: Deps): Route[] {
  const get = (path: string, handle: DeskRoute['handle']): Route => ({
    who: 'desk',
    roles: DESK_ROLES,
    method: 'GET',
    path,
    handle,
  })
  return [
    get('/api/desk/me', async (c) => c.json(await describeSession(deps, c.var.actor))),
    get('/api/desk/definitions', async (c) => c.json(await definitionsReport(deps.ledger))),
    get('/api/desk/stores', (c) => getStores(c, deps)),
    get('/api/desk/stores/:scope/history', (c) => getHistory(c, deps)),
  ]
}

export async function describeSession(deps: Deps, actor: DeskActor): Promise<DeskSession> {
  return { ...(await deskSession(deps.ledger, actor, deps.clock())), email: actor.email }
}

async function getStores(c: Context<DeskEnv>, { ledger, clock }: Deps): Promise<Response> {
  return c.json(await storesReport(ledger, scopeOf(c.var.actor), periodOf(c), clock()))
}

/** The period that the query names. Throws ApiError `malformed`. */
export function periodOf(c: Context<DeskEnv>): Period {
  const period = parsePeriod(readQuery(c, 'period'))
  if (!period) throw new ApiError('malformed', 'period')
  return period
}

async function getHistory(c: Context<DeskEnv>, { ledger, clock }: Deps): Promise<Response> {
  const scopeId = c.req.param('scope') ?? ''
  const grain = readQuery(c, 'grain')
  const [from, to] = [parseDay(readQuery(c, 'from')), parseDay(readQuery(c, 'to'))]
  if (grain !== 'month' && grain !== 'week') throw new ApiError('malformed', 'grain')
  if (from === null) throw new ApiError('malformed', 'from')
  if (to === null || to < from || to - from > HISTORY_MAX_DAYS)
    throw new ApiError('malformed', 'to')
  const found = v.is(bookId, scopeId)
    ? await historyReport(ledger, scopeOf(c.var.actor), scopeId, grain, from, to, clock())
    : null
  // Another region's store is answered as one that does not exist: its being is not told either.
  if (!found) throw new ApiError('not-found')
  return c.json(found)
}
