// Who may work on this tablet, checked by the tablet itself so that it works with no network. Five
// wrong PINs lock that clerk on this device for five minutes; the count is kept in the database, so
// a reload, a second tab or a clock set back does not reset it.
import { CHAIN } from '#model/id.ts'
import type { ClerkKey } from '#model/protocol.ts'
import type { Role, Staff } from '#model/staff.ts'
import type { Author } from './commit.ts'
import type { Local } from './database.ts'
import { readMeta, writeMeta } from './meta.ts'
import { verifierOf } from './pin.ts'
import type { OverlayRow, Tries } from './tables.ts'

export const MAX_TRIES = 5
export const LOCK_MS = 5 * 60_000

export interface LocalActor extends Author {
  unlock_id: string
  name: string
  role: Role
}

export interface LocalClerk {
  id: string
  name: string
  role: Role
}

export type UnlockAnswer =
  { ok: true; actor: LocalActor } | { ok: false; triesLeft: number; lockedUntil: number | null }

/** Safe because reference records pass their kind's schema before they enter the feed. */
function asStaff(row: OverlayRow | undefined): Staff | null {
  return row?.state === 'put' ? (row.body as Staff) : null
}

/** Clerks with a PIN on this device and still at work, by name. */
export async function clerksOf(local: Local): Promise<LocalClerk[]> {
  const keys = (await readMeta(local.db, 'clerks'))?.clerks ?? []
  const rows = await local.db.row.bulkGet(keys.map(({ staff_id }) => [CHAIN, staff_id]))
  return keys
    .flatMap(({ staff_id }, index) => {
      const staff = asStaff(rows[index])
      if (!staff || staff.state === 'left') return []
      return [{ id: staff_id, name: staff.name, role: staff.role }]
    })
    .sort((a, b) => a.name.localeCompare(b.name, 'zh-CN'))
}

/**
 * Tries a PIN. A try is counted before the PIN is computed, so that many at once are not more
 * tries than one after the other. `lockedUntil` is in this tablet's own clock.
 */
export async function unlock(local: Local, staffId: string, pin: string): Promise<UnlockAnswer> {
  const clerk = (await clerksOf(local)).find(({ id }) => id === staffId)
  const stored = await readMeta(local.db, 'clerks')
  const key = stored?.clerks.find(({ staff_id }) => staff_id === staffId)
  if (!clerk || !stored || !key) return { ok: false, triesLeft: 0, lockedUntil: null }
  const counted = await countTry(local, staffId)
  if (counted.isLocked) return { ok: false, triesLeft: 0, lockedUntil: counted.tries.lockedUntil }
  if (await isRight(key, pin, stored.device_salt)) {
    await clearTries(local, staffId)
    const actor = { actor_id: clerk.id, unlock_id: local.deps.uuid() }
    return { ok: true, actor: { ...actor, name: clerk.name, role: clerk.role } }
  }
  const { wrong, lockedUntil } = counted.tries
  return { ok: false, triesLeft: Math.max(0, MAX_TRIES - wrong), lockedUntil }
}

async function isRight(key: ClerkKey, pin: string, deviceSalt: string): Promise<boolean> {
  return (await verifierOf(pin, key.salt, key.iterations, deviceSalt)) === key.verifier
}

/** Counts one try. The fifth locks at once; a right PIN clears the lock it set. */
async function countTry(
  local: Local,
  staffId: string,
): Promise<{ isLocked: boolean; tries: Tries }> {
  const { db, deps } = local
  return db.transaction('rw', db.meta, async () => {
    const all = (await readMeta(db, 'tries')) ?? {}
    const known = all[staffId] ?? { wrong: 0, lockedUntil: null, seenAt: 0 }
    // A clock set back must not shorten a lock: time on this device never goes back.
    const now = Math.max(deps.now(), known.seenAt)
    const isLocked = known.lockedUntil !== null && now < known.lockedUntil
    const wrong = isLocked ? known.wrong : (known.lockedUntil === null ? known.wrong : 0) + 1
    const lockedUntil = isLocked ? known.lockedUntil : wrong >= MAX_TRIES ? now + LOCK_MS : null
    const tries = { wrong, lockedUntil, seenAt: now }
    await writeMeta(db, 'tries', { ...all, [staffId]: tries })
    return { isLocked, tries }
  })
}

async function clearTries(local: Local, staffId: string): Promise<void> {
  const { db } = local
  await db.transaction('rw', db.meta, async () => {
    const { [staffId]: _cleared, ...others } = (await readMeta(db, 'tries')) ?? {}
    await writeMeta(db, 'tries', others)
  })
}
