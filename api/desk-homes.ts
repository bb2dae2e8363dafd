import type { Context } from 'hono'
import * as v from 'valibot'
import { mayReadStore, scopeOf } from '#model/access.ts'
import { id } from '#model/id.ts'
import { answerHomes, homeProposals } from '#sql/home-proposals.ts'
import { readOrg, todayAt } from '#sql/reports.ts'
import { deskWriter } from './admin.ts'
import type { Deps } from './deps.ts'
import { DESK_ROLES } from './desk.ts'
import { ApiError } from './errors.ts'
import { readJson } from './guard.ts'
import type { DeskEnv } from './request.ts'
import type { DeskRoute, Route } from './route.ts'

const ANSWERS_MAX = 200

const Answers = v.object({
  answers: v.pipe(
    v.array(v.object({ customer_id: id, home_store_id: id, to_store_id: v.nullable(id) })),
    v.minLength(1),
    v.maxLength(ANSWERS_MAX),
  ),
})

/** Whose home should be another: what the rule proposes, and what managers answer. */
export function homeRoutes(deps: Deps): Route[] {
  const route = (method: 'GET' | 'POST', handle: DeskRoute['handle']): Route => ({
    who: 'desk',
    roles: DESK_ROLES,
    method,
    path: '/api/desk/home-proposals',
    handle,
  })
  return [route('GET', (c) => getProposals(c, deps)), route('POST', (c) => answer(c, deps))]
}

async function getProposals(c: Context<DeskEnv>, { ledger, clock }: Deps): Promise<Response> {
  const org = await readOrg(ledger)
  const scope = scopeOf(c.var.actor)
  const now = clock()
  return c.json(await homeProposals(ledger, scope, org.stores, todayAt(org, now), now))
}

async function answer(c: Context<DeskEnv>, deps: Deps): Promise<Response> {
  const { answers } = await readJson(c, Answers)
  const { ledger, clock } = deps
  const org = await readOrg(ledger)
  const scope = scopeOf(c.var.actor)
  const readable = new Set(
    org.stores.filter((row) => mayReadStore(scope, row.id, row.region_id)).map((row) => row.id),
  )
  const named = answers.flatMap((one) => [one.home_store_id, one.to_store_id ?? []].flat())
  if (named.some((store) => !readable.has(store))) throw new ApiError('not-found')
  const writer = await deskWriter(deps, c.var.actor)
  const reasons = await answerHomes(ledger, writer, answers, todayAt(org, clock()), clock())
  return c.json({ reasons })
}
