import { createMiddleware } from 'hono/factory'
import { PROTOCOL, PROTOCOL_HEADER } from '#model/protocol.ts'

const HSTS_SECONDS = 365 * 86_400

const EVERYWHERE: Record<string, string> = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'permissions-policy':
    'accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), ' +
    'magnetometer=(), microphone=(), payment=(), usb=()',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
}

/**
 * Headers of every answer. What a page may load stands in the page itself, where the build hashed
 * its start script; only `frame-ancestors` cannot stand there. Answers of the API are no pages,
 * may do nothing, and are kept by no cache.
 */
export const secureHeaders = (isHttps: boolean) =>
  createMiddleware(async (c, next) => {
    await next()
    const set = (name: string, value: string) => c.res.headers.set(name, value)
    for (const [name, value] of Object.entries(EVERYWHERE)) set(name, value)
    if (isHttps) set('strict-transport-security', `max-age=${HSTS_SECONDS}`)
    if (!c.req.path.startsWith('/api/')) {
      set('content-security-policy', "frame-ancestors 'none'")
      return
    }
    set('content-security-policy', "default-src 'none'; frame-ancestors 'none'")
    set('cache-control', 'no-store')
    set(PROTOCOL_HEADER, String(PROTOCOL))
  })
