import { Hono } from 'hono'
import { adminDeviceRoutes } from './admin-devices.ts'
import { adminPeopleRoutes } from './admin-people.ts'
import { adminRoutes } from './admin.ts'
import { authRoutes } from './auth.ts'
import { compressJson } from './compress.ts'
import { customerMoveRoutes } from './customer-moves.ts'
import { customerRoutes } from './customers.ts'
import type { Deps } from './deps.ts'
import { duplicateRoutes } from './desk-duplicates.ts'
import { homeRoutes } from './desk-homes.ts'
import { deskAlertRoutes } from './desk-alerts.ts'
import { siteRoutes } from './desk-sites.ts'
import { statementRoutes } from './desk-statement.ts'
import { deskCompareRoutes } from './desk-compare.ts'
import { deskRhythmRoutes } from './desk-rhythm.ts'
import { deskScoreRoutes } from './desk-score.ts'
import { deskSyncRoutes } from './desk-sync.ts'
import { deskRoutes } from './desk.ts'
import { deviceRoutes } from './devices.ts'
import { answerProblem, ApiError, asApiError, isFault } from './errors.ts'
import { guardOrigin } from './guard.ts'
import { secureHeaders } from './headers.ts'
import { healthRoutes } from './health.ts'
import { LIVE_DEFAULTS, makeLive } from './live.ts'
import { describeFault } from './log.ts'
import { pokeRoutes } from './poke.ts'
import { logRequests } from './request-log.ts'
import type { PublicEnv } from './request.ts'
import { mount, type Route } from './route.ts'
import { setupRoutes } from './setup.ts'
import { staticRoutes } from './static.ts'
import { syncRoutes } from './sync.ts'

/** Every route there is, with who may call it; the last one answers with the pages. */
export function routesOf(deps: Deps, live = makeLive(LIVE_DEFAULTS)): Route[] {
  return [
    ...healthRoutes(deps),
    ...setupRoutes(deps),
    ...authRoutes(deps),
    ...deviceRoutes(deps),
    ...syncRoutes(deps, live),
    ...pokeRoutes(deps, live.pokes),
    ...customerRoutes(deps),
    ...deskRoutes(deps),
    ...statementRoutes(deps),
    ...homeRoutes(deps),
    ...duplicateRoutes(deps),
    ...siteRoutes(deps),
    ...deskRhythmRoutes(deps),
    ...deskAlertRoutes(deps),
    ...deskScoreRoutes(deps),
    ...deskSyncRoutes(deps),
    ...deskCompareRoutes(deps),
    ...customerMoveRoutes(deps),
    ...adminRoutes(deps),
    ...adminDeviceRoutes(deps, live.pokes),
    ...adminPeopleRoutes(deps),
    ...staticRoutes(deps.files),
  ]
}

/** The whole server but for its sockets. */
export function createApp(deps: Deps, routes = routesOf(deps)): Hono<PublicEnv> {
  const app = new Hono<PublicEnv>()
  app.use(logRequests(deps), secureHeaders(deps.isHttps), compressJson)
  app.use(guardOrigin(deps.publicOrigin))
  mount(app, routes, deps)
  app.notFound((c) => answerProblem(new ApiError('not-found'), c.var.request_id))
  app.onError((error, c) => {
    const known = asApiError(error)
    const { request_id, route } = c.var
    if (isFault(known)) deps.log.error({ request_id, route, ...describeFault(error) }, known.code)
    return answerProblem(known, request_id)
  })
  return app
}
