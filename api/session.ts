import { createMiddleware } from 'hono/factory'
import { getCookie, setCookie } from 'hono/cookie'
import type { Context } from 'hono'
import type { Session } from '#model/access.ts'
import type { Role } from '#model/staff.ts'
import { sessionOfToken } from '#sql/devices.ts'
import { actorOf } from '#sql/people.ts'
import type { Deps } from './deps.ts'
import { ApiError } from './errors.ts'
import type { DeskActor, DeskEnv, DeviceEnv } from './request.ts'
import { hashToken } from './tokens.ts'

// Who is asking. The answer comes from a cookie and our own tables, never from path or body, and
// is looked up for every request: what is revoked or signed out is so at once.

const DEVICE_COOKIE = 'regulars_device'
const DEVICE_COOKIE_DAYS = 400 // The longest that browsers keep a cookie.
const TOKEN = /^[\w-]{43}$/

/** The tablet whose cookie this is; a revoked one still has a session. */
export async function deviceSessionOf(deps: Deps, token: string): Promise<Session | null> {
  const session = TOKEN.test(token) ? await sessionOfToken(deps.ledger, hashToken(token)) : null
  return session?.role === 'tablet' ? session : null
}

export function deviceTokenOf(c: Context): string {
  return getCookie(c, DEVICE_COOKIE) ?? ''
}

/** Admits enrolled devices; the session's book is the only store the request can concern. */
export const requireDevice = (deps: Deps, takesRevoked: boolean) =>
  createMiddleware<DeviceEnv>(async (c, next) => {
    const session = await deviceSessionOf(deps, deviceTokenOf(c))
    if (!session) throw new ApiError('no-session')
    if (session.revoked && !takesRevoked) throw new ApiError('device-revoked')
    c.set('session', session)
    c.set('device_id', session.device_id)
    await next()
  })

/** The person whom the headers' session belongs to, while they work for the chain. */
export async function deskActorOf(deps: Deps, headers: Headers): Promise<DeskActor | null> {
  const account = await deps.accounts.sessionOf(headers)
  if (!account) return null
  const actor = await actorOf(deps.ledger, account.staff_id)
  return actor?.active ? { ...actor, email: account.email } : null
}

/** Admits people signed in at the desk whose role is among `roles`. */
export const requireDesk = (deps: Deps, roles: readonly Role[]) =>
  createMiddleware<DeskEnv>(async (c, next) => {
    const actor = await deskActorOf(deps, c.req.raw.headers)
    if (!actor) throw new ApiError('no-session')
    if (!roles.includes(actor.role)) throw new ApiError('forbidden')
    c.set('actor', actor)
    await next()
  })

export function setDeviceCookie(c: Context, token: string, isHttps: boolean): void {
  setCookie(c, DEVICE_COOKIE, token, {
    path: '/api',
    httpOnly: true,
    sameSite: 'Strict',
    secure: isHttps,
    maxAge: DEVICE_COOKIE_DAYS * 86_400,
  })
}
