import type { Context } from 'hono'
import * as v from 'valibot'
import { scopeOf } from '#model/access.ts'
import { bookId, id } from '#model/id.ts'
import { COMPARE_MAX, COMPARE_WITH, FUNNEL_RATES } from '#model/report-compare.ts'
import { compareReport, tagMix } from '#sql/compare.ts'
import { funnelReport } from '#sql/funnel-report.ts'
import { entriesReport } from '#sql/entries-report.ts'
import { staffReport } from '#sql/staff-report.ts'
import type { Deps } from './deps.ts'
import { DESK_ROLES, periodOf } from './desk.ts'
import { ApiError } from './errors.ts'
import { readQuery } from './guard.ts'
import type { DeskEnv } from './request.ts'
import type { DeskRoute, Route } from './route.ts'

const PERIODS = { least: 2, usual: 13, most: 26 } as const

/** Stores beside each other and against chance; the tags of their customers, and their staff. */
export function deskCompareRoutes(deps: Deps): Route[] {
  const get = (path: string, handle: DeskRoute['handle']): Route => ({
    who: 'desk',
    roles: DESK_ROLES,
    method: 'GET',
    path,
    handle,
  })
  return [
    get('/api/desk/compare', (c) => getComparison(c, deps)),
    get('/api/desk/funnel', (c) => getFunnel(c, deps)),
    get('/api/desk/stores/:scope/tags', (c) => getTags(c, deps)),
    get('/api/desk/stores/:scope/staff', (c) => getOfStore(c, deps, staffReport)),
    get('/api/desk/stores/:scope/entries', (c) => getOfStore(c, deps, entriesReport)),
  ]
}

/** One of some words; the first of them when the query names none. */
function oneOf<T extends string>(c: Context<DeskEnv>, name: string, words: readonly [T, ...T[]]) {
  const said = readQuery(c, name)
  const found = said === '' ? words[0] : words.find((word) => word === said)
  if (found === undefined) throw new ApiError('malformed', name)
  return found
}

function periodsOf(c: Context<DeskEnv>): number {
  const said = readQuery(c, 'periods')
  const count = said === '' ? PERIODS.usual : Number(said)
  if (!Number.isInteger(count) || count < PERIODS.least || count > PERIODS.most)
    throw new ApiError('malformed', 'periods')
  return count
}

/** The places named by `s`, up to 8 different ones; null when there is no `s`. */
function placesOf(c: Context<DeskEnv>): string[] | null {
  const said = c.req.queries('s') ?? []
  if (said.length === 0) return null
  const places = [...new Set(said)]
  if (places.length > COMPARE_MAX || !places.every((place) => v.is(bookId, place)))
    throw new ApiError('malformed', 's')
  return places
}

async function getComparison(c: Context<DeskEnv>, { ledger, clock }: Deps): Promise<Response> {
  const asked = {
    period: periodOf(c),
    periods: periodsOf(c),
    vs: oneOf(c, 'vs', COMPARE_WITH),
    scopes: placesOf(c),
  }
  const found = await compareReport(ledger, scopeOf(c.var.actor), asked, clock())
  // Another region's store is answered as one that does not exist: its being is not told either.
  if (!found) throw new ApiError('not-found')
  return c.json(found)
}

async function getFunnel(c: Context<DeskEnv>, { ledger, clock }: Deps): Promise<Response> {
  const format = readQuery(c, 'format')
  const asked = {
    period: periodOf(c),
    rate: oneOf(c, 'rate', FUNNEL_RATES),
    format: format === '' ? null : format,
  }
  return c.json(await funnelReport(ledger, scopeOf(c.var.actor), asked, clock()))
}

async function getTags(c: Context<DeskEnv>, { ledger }: Deps): Promise<Response> {
  const store = c.req.param('scope') ?? ''
  const found = v.is(id, store) ? await tagMix(ledger, scopeOf(c.var.actor), store) : null
  if (!found) throw new ApiError('not-found')
  return c.json(found)
}

/** A report on one store in one period; 404 where the reader knows no such store. */
async function getOfStore(
  c: Context<DeskEnv>,
  { ledger }: Deps,
  report: (...of: Parameters<typeof staffReport>) => Promise<object | null>,
): Promise<Response> {
  const store = c.req.param('scope') ?? ''
  const period = periodOf(c)
  const scope = scopeOf(c.var.actor)
  const found = v.is(id, store) ? await report(ledger, scope, store, period) : null
  if (!found) throw new ApiError('not-found')
  return c.json(found)
}
