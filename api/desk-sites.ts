import type { Context } from 'hono'
import * as v from 'valibot'
import { scopeOf } from '#model/access.ts'
import { DAY_MS } from '#model/calendar.ts'
import { id } from '#model/id.ts'
import { parsePeriod } from '#model/period.ts'
import { Downtime, SitePurpose, SiteReview } from '#model/site.ts'
import { isStoreInScope } from '#sql/fleet-scope.ts'
import {
  sitesReport,
  type SiteWord,
  storeOfDowntime,
  withdrawDowntime,
  writeSite,
} from '#sql/sites.ts'
import { deskWriter, HEADQUARTERS } from './admin.ts'
import type { Deps } from './deps.ts'
import { DESK_ROLES } from './desk.ts'
import { ApiError } from './errors.ts'
import { readJson, readQuery } from './guard.ts'
import type { DeskEnv } from './request.ts'
import type { Route } from './route.ts'

/** A fault that goes on may be told of with the day on which it will be mended. */
const AHEAD_MAX_MS = 92 * DAY_MS

const Told = v.strictObject(v.omit(Downtime, ['withdrawn', 'withdrawn_by']).entries)

/** A fault that was told in error, and why it was one: without a reason nothing is taken back. */
const Withdrawal = v.strictObject({
  id,
  reason: v.pipe(v.unwrap(Downtime.entries.withdrawn), v.trim(), v.minLength(1)),
})

/** Why there is a site, whether it serves that, and when it could not serve. */
export function siteRoutes(deps: Deps): Route[] {
  return [
    {
      who: 'desk',
      roles: DESK_ROLES,
      method: 'GET',
      path: '/api/desk/sites',
      handle: (c) => getSites(c, deps),
    },
    {
      who: 'desk',
      roles: HEADQUARTERS,
      method: 'POST',
      path: '/api/desk/sites/purposes',
      handle: async (c) =>
        say(c, deps, { kind: 'site_purpose', payload: await readJson(c, SitePurpose) }),
    },
    {
      who: 'desk',
      roles: HEADQUARTERS,
      method: 'POST',
      path: '/api/desk/sites/reviews',
      handle: async (c) =>
        say(c, deps, { kind: 'site_review', payload: await readJson(c, SiteReview) }),
    },
    {
      who: 'desk',
      roles: DESK_ROLES,
      method: 'POST',
      path: '/api/desk/sites/downtimes',
      handle: (c) => reportDowntime(c, deps),
    },
    {
      who: 'desk',
      roles: DESK_ROLES,
      method: 'POST',
      path: '/api/desk/sites/downtimes/withdrawals',
      handle: (c) => withdraw(c, deps),
    },
  ]
}

async function getSites(c: Context<DeskEnv>, { ledger, clock }: Deps): Promise<Response> {
  const quarter = parsePeriod(readQuery(c, 'quarter'))
  if (quarter?.kind !== 'quarter') throw new ApiError('malformed', 'quarter')
  return c.json(await sitesReport(ledger, scopeOf(c.var.actor), quarter, clock()))
}

async function reportDowntime(c: Context<DeskEnv>, deps: Deps): Promise<Response> {
  const payload = await readJson(c, Told)
  const now = deps.clock()
  if (payload.from >= payload.to || payload.from > now || payload.to > now + AHEAD_MAX_MS)
    throw new ApiError('malformed', 'to')
  return say(c, deps, { kind: 'downtime', payload })
}

async function withdraw(c: Context<DeskEnv>, deps: Deps): Promise<Response> {
  const { ledger, clock } = deps
  const payload = await readJson(c, Withdrawal)
  const store = await storeOfDowntime(ledger, payload.id)
  const isMine = store !== null && (await isStoreInScope(ledger, scopeOf(c.var.actor), store))
  if (!isMine) throw new ApiError('not-found')
  const writer = await deskWriter(deps, c.var.actor)
  const refused = await withdrawDowntime(ledger, writer, payload, clock())
  if (refused) throw new ApiError('malformed', refused)
  return c.json({})
}

async function say(c: Context<DeskEnv>, deps: Deps, word: SiteWord): Promise<Response> {
  const { ledger, clock } = deps
  const isMine = await isStoreInScope(ledger, scopeOf(c.var.actor), word.payload.store_id)
  if (!isMine) throw new ApiError('not-found')
  const writer = await deskWriter(deps, c.var.actor)
  const refused = await writeSite(ledger, writer, word, clock())
  if (refused) throw new ApiError('malformed', refused)
  return c.json({})
}
