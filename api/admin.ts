import type { Context } from 'hono'
import * as v from 'valibot'
import { CHAIN, id } from '#model/id.ts'
import { isReference, REFERENCE_KINDS } from '#model/kinds.ts'
import type { Role } from '#model/staff.ts'
import { ensureDesk } from '#sql/devices.ts'
import { listReference } from '#sql/reference.ts'
import { type Writer, writeDrafts } from '#sql/write.ts'
import type { Deps } from './deps.ts'
import { ApiError } from './errors.ts'
import { readJson } from './guard.ts'
import type { DeskActor, DeskEnv } from './request.ts'
import type { Route } from './route.ts'

/** Who keeps the chain's stores, people, devices and tags. */
export const HEADQUARTERS: readonly Role[] = ['hq', 'admin']

const DRAFTS_MAX = 200

const Drafts = v.object({
  drafts: v.pipe(
    v.array(
      v.object({
        kind: v.picklist(REFERENCE_KINDS),
        record_id: id,
        type: v.picklist(['create', 'set']),
        payload: v.record(v.string(), v.unknown()),
      }),
    ),
    v.minLength(1),
    v.maxLength(DRAFTS_MAX),
  ),
})
type Drafts = v.InferOutput<typeof Drafts>['drafts']

/** The chain's reference records: read by kind, written as ops of the desk's own device. */
export function adminRoutes(deps: Deps): Route[] {
  return [
    {
      who: 'desk',
      roles: HEADQUARTERS,
      method: 'GET',
      path: '/api/admin/reference/:kind',
      handle: async (c) => {
        const kind = c.req.param('kind') ?? ''
        if (!isReference(kind)) throw new ApiError('not-found')
        return c.json(await listReference(deps.ledger, kind))
      },
    },
    {
      who: 'desk',
      roles: HEADQUARTERS,
      method: 'POST',
      path: '/api/admin/write',
      handle: (c) => write(c, deps),
    },
  ]
}

async function write(c: Context<DeskEnv>, deps: Deps): Promise<Response> {
  const { drafts } = await readJson(c, Drafts)
  refuseDevices(drafts)
  const people = drafts.filter((draft) => draft.kind === 'staff')
  const becomesAdmin = people.some((draft) => draft.payload.role === 'admin')
  const touched = people.map((draft) => draft.record_id)
  await refuseOverAdmins(deps, c.var.actor, touched, becomesAdmin)
  const writer = await deskWriter(deps, c.var.actor)
  const chained = drafts.map((draft) => ({ ...draft, store_id: CHAIN }))
  return c.json(await writeDrafts(deps.ledger, writer, chained, deps.clock()))
}

/** A device is made by enrolling and ended by revoking; in between only its name may change. */
function refuseDevices(drafts: Drafts): void {
  const isRename = ({ type, payload }: Drafts[number]) =>
    type === 'set' && Object.keys(payload).every((field) => field === 'name')
  if (drafts.some((draft) => draft.kind === 'device' && !isRename(draft)))
    throw new ApiError('malformed', 'device')
}

/** Only administrators make, change or act for administrators: nobody raises themselves. */
export async function refuseOverAdmins(
  deps: Deps,
  actor: DeskActor,
  staffIds: readonly string[],
  becomesAdmin = false,
): Promise<void> {
  if (actor.role === 'admin' || (staffIds.length === 0 && !becomesAdmin)) return
  const staff = await listReference(deps.ledger, 'staff')
  const isAdmin = (row: { id: string; role?: unknown }) =>
    row.role === 'admin' && staffIds.includes(row.id)
  if (becomesAdmin || staff.some(isAdmin)) throw new ApiError('forbidden')
}

/** The desk's device, writing in the name of whoever is signed in. */
export async function deskWriter(deps: Deps, actor: DeskActor): Promise<Writer> {
  const desk = await ensureDesk(deps.ledger)
  return { session: { ...desk, actor_id: actor.id }, actor_id: actor.id, unlock_id: null }
}
