import type { LocalActor } from '#web/local/unlock.ts'

// Who holds the tablet. It lives as long as the tab: a reload within the auto-lock time goes on, a
// closed tab asks for the PIN again. Locking touches nothing that was written or waits to be sent.

/** Where the session outlives a reload: sessionStorage in the browser, a Map-like in tests. */
export interface SessionKeeper {
  getItem(key: string): string | null
  setItem(key: string, value: string): void
  removeItem(key: string): void
}

export const AUTO_LOCK_MINUTES = [1, 2, 5, 10] as const
export const AUTO_LOCK_DEFAULT_MINUTES = 2

const KEY = 'regulars.clerk'
const MINUTE_MS = 60_000

let actor = $state.raw<LocalActor | null>(null)
let autoLockMinutes = $state(AUTO_LOCK_DEFAULT_MINUTES)
let touchedMs = 0
let left: { actorId: string; path: string } | null = null
let keeper: SessionKeeper | null = null

/** The clerk who unlocked, and after how many idle minutes the tablet locks itself. Reactive. */
export const clerkSession = {
  get actor() {
    return actor
  },
  get autoLockMinutes() {
    return autoLockMinutes
  },
}

/** Safe because only `keep` writes under the key; anything else there is read as nobody. */
function readKept(text: string | null): { actor: LocalActor; touchedMs: number } | null {
  try {
    const kept = JSON.parse(text ?? 'null') as { actor?: LocalActor; touchedMs?: number } | null
    if (typeof kept?.actor?.actor_id !== 'string' || typeof kept.touchedMs !== 'number') return null
    return { actor: kept.actor, touchedMs: kept.touchedMs }
  } catch {
    return null // Not JSON: somebody else's value, which is the same as none.
  }
}

function keep(): void {
  if (actor) keeper?.setItem(KEY, JSON.stringify({ actor, touchedMs }))
  else keeper?.removeItem(KEY)
}

/** Takes up the session that a reload interrupted, unless it has been idle for too long. */
export function startSession(kept: SessionKeeper, minutes: number, nowMs: number): void {
  keeper = kept
  autoLockMinutes = minutes
  const known = readKept(kept.getItem(KEY))
  if (actor || !known) return
  touchedMs = known.touchedMs
  if (isIdle(nowMs)) keep()
  else actor = known.actor
}

export function setAutoLockMinutes(minutes: number): void {
  autoLockMinutes = minutes
}

/** Lets a clerk in and answers where to go: back where the same clerk was, else to the start. */
export function unlockSession(next: LocalActor, nowMs: number): string {
  const path = left?.actorId === next.actor_id ? left.path : '/'
  actor = next
  touchedMs = nowMs
  left = null
  keep()
  return path
}

/** `path` is the screen to come back to if the same clerk unlocks next. */
export function lockSession(path: string): void {
  if (actor) left = { actorId: actor.actor_id, path }
  actor = null
  keep()
}

/** A hand is on the tablet. */
export function touchSession(nowMs: number): void {
  if (!actor) return
  // Written through once a second at most: a finger that draws makes hundreds of events.
  const isNews = nowMs - touchedMs > 1_000
  touchedMs = Math.max(touchedMs, nowMs)
  if (isNews) keep()
}

/** True when nobody has touched the tablet for the auto-lock time. */
export function isIdle(nowMs: number): boolean {
  return nowMs - touchedMs >= autoLockMinutes * MINUTE_MS
}
