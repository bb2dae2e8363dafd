import type { Context } from 'hono'
import * as v from 'valibot'
import { scopeOf } from '#model/access.ts'
import { DecisionMade } from '#model/decision.ts'
import { bookId, CHAIN, id } from '#model/id.ts'
import type { DecideReply } from '#model/report.ts'
import { decide } from '#sql/decide.ts'
import { deviceReport } from '#sql/fleet-device.ts'
import { syncHours } from '#sql/fleet-hours.ts'
import { lossRows } from '#sql/fleet-losses.ts'
import { refusedOps } from '#sql/fleet-refused.ts'
import { isStoreInScope } from '#sql/fleet-scope.ts'
import { deviceStatuses } from '#sql/fleet.ts'
import { deskWriter } from './admin.ts'
import type { Deps } from './deps.ts'
import { DESK_ROLES } from './desk.ts'
import { ApiError } from './errors.ts'
import { readJson, readQuery } from './guard.ts'
import type { DeskEnv } from './request.ts'
import type { DeskRoute, Route } from './route.ts'

const HOURS_MAX = 168

const Decide = v.object({ ...DecisionMade.entries, store_id: bookId })

/** How the fleet is, what it was refused and what it lost, and what a person decides of that. */
export function deskSyncRoutes(deps: Deps): Route[] {
  const route = (method: 'GET' | 'POST', path: string, handle: DeskRoute['handle']): Route => ({
    who: 'desk',
    roles: DESK_ROLES,
    method,
    path,
    handle,
  })
  return [
    route('GET', '/api/desk/sync', async (c) =>
      c.json(await deviceStatuses(deps.ledger, scopeOf(c.var.actor), deps.clock())),
    ),
    route('GET', '/api/desk/sync/hours', (c) => getHours(c, deps)),
    route('GET', '/api/desk/sync/devices/:id', (c) => getDevice(c, deps)),
    route('GET', '/api/desk/refused', (c) => getRefused(c, deps)),
    route('GET', '/api/desk/losses', (c) => getLosses(c, deps)),
    route('POST', '/api/desk/decisions', (c) => postDecision(c, deps)),
  ]
}

/** Whole hours since 1970; a span that lies beyond the running hour has nothing to show. */
function readHour(c: Context, name: string): number {
  const text = readQuery(c, name)
  if (!/^\d{1,7}$/.test(text)) throw new ApiError('malformed', name)
  return Number(text)
}

async function getHours(c: Context<DeskEnv>, { ledger, clock }: Deps): Promise<Response> {
  const [from, to] = [readHour(c, 'from'), readHour(c, 'to')]
  if (to <= from || to - from > HOURS_MAX) throw new ApiError('malformed', 'to')
  return c.json(await syncHours(ledger, scopeOf(c.var.actor), { from, to }, clock()))
}

async function getDevice(c: Context<DeskEnv>, { ledger, clock }: Deps): Promise<Response> {
  const deviceId = c.req.param('id')
  const found = v.is(id, deviceId)
    ? await deviceReport(ledger, scopeOf(c.var.actor), deviceId, clock())
    : null
  // Another region's tablet is answered as one that does not exist.
  if (!found) throw new ApiError('not-found')
  return c.json(found)
}

/** One of the named states; the first one when none is asked for. */
function readState<S extends string>(c: Context, states: readonly [S, ...S[]]): S {
  const text = readQuery(c, 'state')
  const state = text === '' ? states[0] : states.find((one) => one === text)
  if (state === undefined) throw new ApiError('malformed', 'state')
  return state
}

async function getRefused(c: Context<DeskEnv>, { ledger }: Deps): Promise<Response> {
  const device = readQuery(c, 'device')
  if (device !== '' && !v.is(id, device)) throw new ApiError('malformed', 'device')
  const state = readState(c, ['open', 'decided'])
  const scope = scopeOf(c.var.actor)
  return c.json(await refusedOps(ledger, scope, state, device === '' ? null : device))
}

async function getLosses(c: Context<DeskEnv>, { ledger, clock }: Deps): Promise<Response> {
  const state = readState(c, ['open', 'closed'])
  return c.json(await lossRows(ledger, scopeOf(c.var.actor), state, clock()))
}

/** The decision is an op of the desk in the person's name, so who decided stays on the books. */
async function postDecision(c: Context<DeskEnv>, deps: Deps): Promise<Response> {
  const decision = await readJson(c, Decide)
  const isLoss = decision.subject === 'loss'
  if (isLoss !== (decision.verdict === 'accept')) throw new ApiError('malformed', 'verdict')
  const scope = scopeOf(c.var.actor)
  const mayDecide =
    decision.store_id === CHAIN
      ? scope.all
      : await isStoreInScope(deps.ledger, scope, decision.store_id)
  if (!mayDecide) throw new ApiError('not-found')
  const writer = await deskWriter(deps, c.var.actor)
  const made = await decide(deps.ledger, writer, decision, deps.clock())
  return c.json(made satisfies DecideReply, 201)
}
