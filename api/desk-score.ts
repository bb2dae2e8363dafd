import type { Context } from 'hono'
import * as v from 'valibot'
import { isHeadquarters, scopeOf } from '#model/access.ts'
import { id } from '#model/id.ts'
import { parseWeights, ScoreWeights } from '#model/score-setting.ts'
import { scoreReport, scoreTrace } from '#sql/score-report.ts'
import { ScoreRuns } from '#sql/score-run.ts'
import { setScoreWeights } from '#sql/score-setting.ts'
import { deskWriter, HEADQUARTERS } from './admin.ts'
import type { Deps } from './deps.ts'
import { DESK_ROLES, periodOf } from './desk.ts'
import { ApiError } from './errors.ts'
import { readJson, readQuery } from './guard.ts'
import type { DeskEnv } from './request.ts'
import type { Route } from './route.ts'

const SetWeights = v.object({ weights: ScoreWeights })

/** The super-store score: ranks, one store's steps, and the weights that headquarters sets. */
export function deskScoreRoutes(deps: Deps): Route[] {
  const runs = new ScoreRuns(deps.ledger, deps.clock)
  return [
    {
      who: 'desk',
      roles: DESK_ROLES,
      method: 'GET',
      path: '/api/desk/score',
      handle: (c) => getScore(c, deps, runs),
    },
    {
      who: 'desk',
      roles: DESK_ROLES,
      method: 'GET',
      path: '/api/desk/score/:store/trace',
      handle: (c) => getTrace(c, deps, runs),
    },
    {
      who: 'desk',
      roles: HEADQUARTERS,
      method: 'POST',
      path: '/api/desk/score/weights',
      handle: (c) => postWeights(c, deps),
    },
  ]
}

async function getScore(c: Context<DeskEnv>, { ledger }: Deps, runs: ScoreRuns) {
  const { actor } = c.var
  const period = periodOf(c)
  const asked = c.req.query('weights') === undefined ? null : readQuery(c, 'weights')
  const draft = asked === null ? null : parseWeights(asked)
  if (asked !== null && !draft) throw new ApiError('malformed', 'weights')
  // A look ahead is for whoever may set weights: it would tell others what is being thought of.
  if (draft && !isHeadquarters(actor.role)) throw new ApiError('forbidden')
  return c.json(await scoreReport(ledger, runs, scopeOf(actor), period, draft))
}

async function getTrace(c: Context<DeskEnv>, { ledger }: Deps, runs: ScoreRuns) {
  const period = periodOf(c)
  const storeId = c.req.param('store') ?? ''
  const found = v.is(id, storeId)
    ? await scoreTrace(ledger, runs, scopeOf(c.var.actor), storeId, period)
    : null
  if (!found) throw new ApiError('not-found')
  return c.json(found)
}

async function postWeights(c: Context<DeskEnv>, deps: Deps) {
  const { weights } = await readJson(c, SetWeights)
  const writer = await deskWriter(deps, c.var.actor)
  return c.json(await setScoreWeights(deps.ledger, writer, weights, deps.clock()))
}
