import type { Context } from 'hono'
import * as v from 'valibot'
import { mayReadStore, scopeOf } from '#model/access.ts'
import { bookId, CHAIN, id } from '#model/id.ts'
import { MOVEMENT_KINDS } from '#model/movements.ts'
import { PeriodClose, StatementNote } from '#model/period-close.ts'
import { parsePeriod } from '#model/period.ts'
import { TENURE_LINES } from '#model/tenure.ts'
import { closeMonth } from '#sql/close.ts'
import { readOrg, todayAt } from '#sql/reports.ts'
import { writeNote } from '#sql/statement-notes.ts'
import {
  movementsReport,
  placeStatement,
  statementReport,
  type View,
} from '#sql/statement-report.ts'
import { tenuresReport } from '#sql/tenure-report.ts'
import { deskWriter, HEADQUARTERS } from './admin.ts'
import type { Deps } from './deps.ts'
import { DESK_ROLES, periodOf } from './desk.ts'
import { ApiError } from './errors.ts'
import { readJson, readQuery } from './guard.ts'
import type { DeskEnv } from './request.ts'
import type { Route } from './route.ts'

const VIEWS: readonly View[] = ['restated', 'closed']

const Close = v.pick(PeriodClose, ['period'])
const Note = v.object({ id: v.nullable(id), ...v.omit(StatementNote, ['by']).entries })

/** The customer asset statement: read, led back to customers, closed by month, noted on. */
export function statementRoutes(deps: Deps): Route[] {
  return [
    {
      who: 'desk',
      roles: DESK_ROLES,
      method: 'GET',
      path: '/api/desk/statement',
      handle: (c) => getStatement(c, deps),
    },
    {
      who: 'desk',
      roles: DESK_ROLES,
      method: 'GET',
      path: '/api/desk/statement/:scope',
      handle: (c) => getPlace(c, deps),
    },
    {
      who: 'desk',
      roles: DESK_ROLES,
      method: 'GET',
      path: '/api/desk/statement/:scope/movements',
      handle: (c) => getMovements(c, deps),
    },
    {
      who: 'desk',
      roles: DESK_ROLES,
      method: 'GET',
      path: '/api/desk/statement/:scope/customers',
      handle: (c) => getTenures(c, deps),
    },
    {
      who: 'desk',
      roles: HEADQUARTERS,
      method: 'POST',
      path: '/api/desk/closes',
      handle: (c) => close(c, deps),
    },
    {
      who: 'desk',
      roles: DESK_ROLES,
      method: 'POST',
      path: '/api/desk/statement-notes',
      handle: (c) => note(c, deps),
    },
  ]
}

async function getStatement(c: Context<DeskEnv>, { ledger, clock }: Deps): Promise<Response> {
  const asked = c.req.query('view') ?? 'restated'
  const view = VIEWS.find((name) => name === asked)
  if (!view) throw new ApiError('malformed', 'view')
  const scope = scopeOf(c.var.actor)
  return c.json(await statementReport(ledger, scope, periodOf(c), view, clock()))
}

async function getPlace(c: Context<DeskEnv>, { ledger, clock }: Deps): Promise<Response> {
  const period = periodOf(c)
  const scopeId = c.req.param('scope') ?? ''
  const scope = scopeOf(c.var.actor)
  const found = await placeStatement(ledger, scope, scopeId, period, clock())
  if (!found) throw new ApiError('not-found')
  return c.json(found)
}

async function getMovements(c: Context<DeskEnv>, { ledger, clock }: Deps): Promise<Response> {
  const asked = readQuery(c, 'kind')
  const kind = [...MOVEMENT_KINDS, 'late' as const].find((name) => name === asked)
  if (!kind) throw new ApiError('malformed', 'kind')
  const period = periodOf(c)
  const scopeId = c.req.param('scope') ?? ''
  const scope = scopeOf(c.var.actor)
  const found = v.is(bookId, scopeId)
    ? await movementsReport(ledger, scope, scopeId, kind, period, clock())
    : null
  if (!found) throw new ApiError('not-found')
  return c.json(found)
}

async function getTenures(c: Context<DeskEnv>, { ledger, clock }: Deps): Promise<Response> {
  const asked = readQuery(c, 'line')
  const line = TENURE_LINES.find((name) => name === asked)
  if (!line) throw new ApiError('malformed', 'line')
  const period = periodOf(c)
  const scopeId = c.req.param('scope') ?? ''
  const scope = scopeOf(c.var.actor)
  const found = v.is(id, scopeId)
    ? await tenuresReport(ledger, scope, scopeId, line, period, clock())
    : null
  if (!found) throw new ApiError('not-found')
  return c.json(found)
}

/** 409 `not-closable` with the reason in `detail`. */
async function close(c: Context<DeskEnv>, deps: Deps): Promise<Response> {
  const { period } = await readJson(c, Close)
  const month = parsePeriod(period)
  if (!month) throw new ApiError('malformed', 'period')
  const { ledger, clock } = deps
  const today = todayAt(await readOrg(ledger), clock())
  const writer = await deskWriter(deps, c.var.actor)
  const refusal = await closeMonth(ledger, writer, month, today, clock)
  if (refusal) throw new ApiError('not-closable', refusal)
  return c.json({})
}

/** A manager writes on the statements that they may read. */
async function note(c: Context<DeskEnv>, deps: Deps): Promise<Response> {
  const written = await readJson(c, Note)
  await refuseOutOfScope(c, deps, written.scope)
  const writer = await deskWriter(deps, c.var.actor)
  const result = await writeNote(deps.ledger, writer, written, deps.clock())
  if ('refused' in result) throw new ApiError('malformed', result.refused)
  return c.json(result)
}

async function refuseOutOfScope(c: Context<DeskEnv>, { ledger }: Deps, scopeId: string) {
  const scope = scopeOf(c.var.actor)
  if (scope.all) return
  const { stores } = await readOrg(ledger)
  const store = stores.find((row) => row.id === scopeId)
  const isOwnRegion = scopeId !== CHAIN && scopeId === scope.region_id
  if (!isOwnRegion && !(store && mayReadStore(scope, store.id, store.region_id)))
    throw new ApiError('not-found', 'scope')
}
