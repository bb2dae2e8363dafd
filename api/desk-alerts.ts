import type { Context } from 'hono'
import * as v from 'valibot'
import { scopeOf } from '#model/access.ts'
import { STEP_NOTE_MAX_CHARS } from '#model/alert.ts'
import { AlertRule, ruleFault, TASK_MAX_CHARS } from '#model/alert-rule.ts'
import { id } from '#model/id.ts'
import { parsePeriod } from '#model/period.ts'
import type { ReplayReport, RuleReply } from '#model/report-alerts.ts'
import type { Role } from '#model/staff.ts'
import { prose } from '#model/text.ts'
import { actOnAlert } from '#sql/alert-acts.ts'
import { replayReport, rulesReport, writeRule } from '#sql/alert-rules.ts'
import { alertDetail, alertsReport } from '#sql/alerts.ts'
import { mondayReport, mondayStores } from '#sql/digest.ts'
import { deskWriter, HEADQUARTERS } from './admin.ts'
import type { Deps } from './deps.ts'
import { DESK_ROLES } from './desk.ts'
import { ApiError } from './errors.ts'
import { readJson, readQuery } from './guard.ts'
import type { DeskEnv } from './request.ts'
import type { DeskRoute, Route } from './route.ts'

const WHICH = ['open', 'over', 'all'] as const

const Asked = v.object({ id: v.nullable(id), rule: AlertRule })
const Saved = v.object({ id, rule: AlertRule })

const Act = v.object({
  state: v.picklist(['acknowledged', 'acting', 'resolved', 'false']),
  note: prose(STEP_NOTE_MAX_CHARS),
  task: v.nullable(
    v.object({ state: v.picklist(['accepted', 'edited']), text: prose(TASK_MAX_CHARS) }),
  ),
})

/** Alerts, their rules, and the Monday page of each store. */
export function deskAlertRoutes(deps: Deps): Route[] {
  const route = (
    method: 'GET' | 'POST',
    path: string,
    handle: DeskRoute['handle'],
    roles: readonly Role[] = DESK_ROLES,
  ): Route => ({ who: 'desk', roles, method, path, handle })
  return [
    route('GET', '/api/desk/alerts', (c) => getAlerts(c, deps)),
    route('GET', '/api/desk/alerts/:id', (c) => getAlert(c, deps)),
    route('POST', '/api/desk/alerts/:id/state', (c) => postState(c, deps)),
    route('GET', '/api/desk/alert-rules', async (c) =>
      c.json(await rulesReport(deps.ledger, scopeOf(c.var.actor))),
    ),
    route('POST', '/api/desk/alert-rules', (c) => postRule(c, deps), HEADQUARTERS),
    route('POST', '/api/desk/alert-rules/replay', (c) => postReplay(c, deps)),
    route('GET', '/api/desk/monday', async (c) =>
      c.json(await mondayStores(deps.ledger, scopeOf(c.var.actor), deps.clock())),
    ),
    route('GET', '/api/desk/monday/:store', (c) => getMonday(c, deps)),
  ]
}

async function getAlerts(c: Context<DeskEnv>, { ledger, clock }: Deps): Promise<Response> {
  const asked = readQuery(c, 'state')
  const which = asked === '' ? 'open' : WHICH.find((name) => name === asked)
  if (!which) throw new ApiError('malformed', 'state')
  return c.json(await alertsReport(ledger, scopeOf(c.var.actor), which, clock()))
}

async function getAlert(c: Context<DeskEnv>, { ledger, clock }: Deps): Promise<Response> {
  const alertId = c.req.param('id')
  const found = v.is(id, alertId)
    ? await alertDetail(ledger, scopeOf(c.var.actor), alertId, clock())
    : null
  // Another region's alert is answered as one that does not exist.
  if (!found) throw new ApiError('not-found')
  return c.json(found)
}

async function postState(c: Context<DeskEnv>, deps: Deps): Promise<Response> {
  const alertId = c.req.param('id')
  const { state: to, note, task } = await readJson(c, Act)
  if (!v.is(id, alertId)) throw new ApiError('not-found')
  const { ledger, clock } = deps
  const scope = scopeOf(c.var.actor)
  const writer = await deskWriter(deps, c.var.actor)
  const outcome = await actOnAlert(ledger, writer, scope, alertId, { to, note, task }, clock())
  if (outcome === 'unknown') throw new ApiError('not-found')
  if (outcome !== 'done') throw new ApiError('moved-on', outcome)
  const detail = await alertDetail(ledger, scope, alertId, clock())
  if (!detail) throw new ApiError('not-found')
  return c.json(detail)
}

/** A rule whose fields are right one by one and also together. */
function wholeRule(rule: AlertRule): AlertRule {
  const fault = ruleFault(rule)
  if (fault) throw new ApiError('malformed', fault)
  return rule
}

async function postRule(c: Context<DeskEnv>, deps: Deps): Promise<Response> {
  const { id: ruleId, rule } = await readJson(c, Saved)
  const writer = await deskWriter(deps, c.var.actor)
  const saved = await writeRule(deps.ledger, writer, ruleId, wholeRule(rule), deps.clock())
  if (!saved) throw new ApiError('moved-on')
  return c.json({ rule: saved } satisfies RuleReply)
}

async function postReplay(c: Context<DeskEnv>, { ledger, clock }: Deps): Promise<Response> {
  const { id: ruleId, rule } = await readJson(c, Asked)
  const scope = scopeOf(c.var.actor)
  const replay = await replayReport(ledger, scope, wholeRule(rule), ruleId, clock())
  return c.json(replay satisfies ReplayReport)
}

async function getMonday(c: Context<DeskEnv>, { ledger, clock }: Deps): Promise<Response> {
  const storeId = c.req.param('store')
  const text = readQuery(c, 'week')
  const week = text === '' ? null : parsePeriod(text)
  if (text !== '' && week?.kind !== 'week') throw new ApiError('malformed', 'week')
  const found = v.is(id, storeId)
    ? await mondayReport(ledger, scopeOf(c.var.actor), storeId, week, clock())
    : null
  if (!found) throw new ApiError('not-found')
  return c.json(found)
}
