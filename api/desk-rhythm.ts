import type { Context } from 'hono'
import * as v from 'valibot'
import { scopeOf } from '#model/access.ts'
import { bookId } from '#model/id.ts'
import { COHORT_SIDES } from '#model/rhythm/cohort.ts'
import { RFM_GROUPS } from '#model/rhythm/rfm-group.ts'
import { cohortsReport } from '#sql/cohorts.ts'
import { rhythmCustomers, rhythmReport } from '#sql/rhythm-report.ts'
import type { Deps } from './deps.ts'
import { DESK_ROLES } from './desk.ts'
import { ApiError } from './errors.ts'
import { readQuery } from './guard.ts'
import type { DeskEnv } from './request.ts'
import type { DeskRoute, Route } from './route.ts'

/** Who comes back to a store, a region or the chain, and how often. */
export function deskRhythmRoutes(deps: Deps): Route[] {
  const get = (path: string, handle: DeskRoute['handle']): Route => ({
    who: 'desk',
    roles: DESK_ROLES,
    method: 'GET',
    path,
    handle,
  })
  return [
    get('/api/desk/cohorts/:scope', (c) => getCohorts(c, deps)),
    get('/api/desk/rhythm/:scope', (c) => getRhythm(c, deps)),
    get('/api/desk/rhythm/:scope/customers', (c) => getCustomers(c, deps)),
  ]
}

/** The scope that a path names. One of another region is answered as one that does not exist. */
function scopeId(c: Context<DeskEnv>): string {
  const id = c.req.param('scope') ?? ''
  if (!v.is(bookId, id)) throw new ApiError('not-found')
  return id
}

function oneOf<T extends string>(c: Context<DeskEnv>, name: string, values: readonly T[]): T {
  const asked = readQuery(c, name)
  const value = values.find((known) => known === asked)
  if (!value) throw new ApiError('malformed', name)
  return value
}

function answer(c: Context<DeskEnv>, found: object | null): Response {
  if (!found) throw new ApiError('not-found')
  return c.json(found)
}

async function getCohorts(c: Context<DeskEnv>, { ledger, clock }: Deps): Promise<Response> {
  const side = oneOf(c, 'side', COHORT_SIDES)
  const scope = scopeOf(c.var.actor)
  return answer(c, await cohortsReport(ledger, scope, scopeId(c), side, clock()))
}

async function getRhythm(c: Context<DeskEnv>, { ledger, clock }: Deps): Promise<Response> {
  return answer(c, await rhythmReport(ledger, scopeOf(c.var.actor), scopeId(c), clock()))
}

async function getCustomers(c: Context<DeskEnv>, { ledger, clock }: Deps): Promise<Response> {
  const group = oneOf(c, 'group', RFM_GROUPS)
  const scope = scopeOf(c.var.actor)
  return answer(c, await rhythmCustomers(ledger, scope, scopeId(c), group, clock()))
}
