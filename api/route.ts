import type { Context, Hono } from 'hono'
import type { Role } from '#model/staff.ts'
import { requireDesk, requireDevice } from './session.ts'
import type { Deps } from './deps.ts'
import type { DeskEnv, DeviceEnv, PublicEnv } from './request.ts'

// A route cannot be written without saying who may call it, and cannot be mounted without that
// being checked first: `mount` is the only caller of the router.

type Answer = Response | Promise<Response>

interface Address {
  method: 'GET' | 'POST'
  path: string
}

export interface PublicRoute extends Address {
  who: 'public'
  handle(c: Context<PublicEnv>): Answer
}

export interface DeviceRoute extends Address {
  who: 'device'
  /** A revoked device may still hand over what it holds; nothing else is open to it. */
  takesRevoked?: true
  handle(c: Context<DeviceEnv>): Answer
}

export interface DeskRoute extends Address {
  who: 'desk'
  roles: readonly Role[]
  handle(c: Context<DeskEnv>): Answer
}

export type Route = PublicRoute | DeviceRoute | DeskRoute

export function mount(app: Hono<PublicEnv>, routes: readonly Route[], deps: Deps): void {
  for (const route of routes) {
    app.on(route.method, route.path, async (c, next) => {
      c.set('route', route.path)
      await next()
    })
    mountOne(app, route, deps)
  }
}

function mountOne(app: Hono<PublicEnv>, route: Route, deps: Deps): void {
  switch (route.who) {
    case 'public':
      app.on(route.method, route.path, (c) => route.handle(c))
      return
    case 'device':
      app.on(route.method, route.path, requireDevice(deps, route.takesRevoked ?? false), (c) =>
        route.handle(c),
      )
      return
    case 'desk':
      app.on(route.method, route.path, requireDesk(deps, route.roles), (c) => route.handle(c))
  }
}
