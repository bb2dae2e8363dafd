import type { Context } from 'hono'
import * as v from 'valibot'
import { mayReadStore, scopeOf } from '#model/access.ts'
import { id } from '#model/id.ts'
import { duplicates } from '#sql/duplicates.ts'
import { mergeRecords, unmergeRecord } from '#sql/merge-acts.ts'
import { readOrg, todayAt } from '#sql/reports.ts'
import { deskWriter } from './admin.ts'
import type { Deps } from './deps.ts'
import { DESK_ROLES } from './desk.ts'
import { ApiError } from './errors.ts'
import { readJson } from './guard.ts'
import type { DeskEnv } from './request.ts'
import type { DeskRoute, Route } from './route.ts'

const Part = v.object({ customer_id: id, home_store_id: id })
const Merge = v.object({ ...Part.entries, into_id: id, into_home_store_id: id })

/** People who are known twice: who it may be, making them one, and undoing it. */
export function duplicateRoutes(deps: Deps): Route[] {
  const route = (method: 'GET' | 'POST', end: string, handle: DeskRoute['handle']): Route => ({
    who: 'desk',
    roles: DESK_ROLES,
    method,
    path: `/api/desk/duplicates${end}`,
    handle,
  })
  return [
    route('GET', '', (c) => list(c, deps)),
    route('POST', '/merge', (c) => merge(c, deps)),
    route('POST', '/unmerge', (c) => unmerge(c, deps)),
  ]
}

async function list(c: Context<DeskEnv>, { ledger, clock }: Deps): Promise<Response> {
  const org = await readOrg(ledger)
  const scope = scopeOf(c.var.actor)
  return c.json(await duplicates(ledger, scope, org.stores, todayAt(org, clock())))
}

/** Somebody of a store that the reader may not see is nobody. */
async function mustRead(c: Context<DeskEnv>, { ledger }: Deps, homes: string[]): Promise<void> {
  const org = await readOrg(ledger)
  const scope = scopeOf(c.var.actor)
  const isRead = (home: string) =>
    org.stores.some((row) => row.id === home && mayReadStore(scope, row.id, row.region_id))
  if (!homes.every(isRead)) throw new ApiError('not-found')
}

async function merge(c: Context<DeskEnv>, deps: Deps): Promise<Response> {
  const asked = await readJson(c, Merge)
  await mustRead(c, deps, [asked.home_store_id, asked.into_home_store_id])
  const writer = await deskWriter(deps, c.var.actor)
  return c.json({ reason: await mergeRecords(deps.ledger, writer, asked, deps.clock()) })
}

async function unmerge(c: Context<DeskEnv>, deps: Deps): Promise<Response> {
  const asked = await readJson(c, Part)
  await mustRead(c, deps, [asked.home_store_id])
  const writer = await deskWriter(deps, c.var.actor)
  return c.json({ reason: await unmergeRecord(deps.ledger, writer, asked, deps.clock()) })
}
