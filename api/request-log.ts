import { createMiddleware } from 'hono/factory'
import type { Deps } from './deps.ts'
import type { PublicEnv } from './request.ts'

const ID_BYTES = 8

/** Gives every request an id, and writes one line when it is answered. */
export const logRequests = ({ log, clock, random }: Deps) =>
  createMiddleware<PublicEnv>(async (c, next) => {
    const startedAt = clock()
    const request_id = Buffer.from(random(ID_BYTES)).toString('hex')
    c.set('request_id', request_id)
    c.set('route', '')
    await next()
    c.res.headers.set('x-request-id', request_id)
    const { device_id, route } = c.var
    const isPage = !c.req.path.startsWith('/api/')
    log[isPage ? 'debug' : 'info'](
      {
        request_id,
        method: c.req.method,
        route,
        status: c.res.status,
        ms: clock() - startedAt,
        ...(device_id === undefined ? {} : { device_id }),
      },
      'answered',
    )
  })
