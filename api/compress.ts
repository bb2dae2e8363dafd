import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { createMiddleware } from 'hono/factory'

const pack = promisify(gzip)
const SMALLEST_BYTES = 1024
const LEVEL = 5

/**
 * Packs answers of JSON off the main thread. Parts of a first download are packed already, and a
 * short answer costs more to pack than to send.
 */
export const compressJson = createMiddleware(async (c, next) => {
  await next()
  const type = c.res.headers.get('content-type') ?? ''
  if (!/^application\/([\w.]+\+)?json/.test(type)) return
  c.res.headers.append('vary', 'accept-encoding')
  if (!/\bgzip\b/.test(c.req.header('accept-encoding') ?? '')) return
  const { status, headers } = c.res
  const body = new Uint8Array(await c.res.arrayBuffer())
  if (body.byteLength < SMALLEST_BYTES) {
    c.res = new Response(body, { status, headers })
    return
  }
  headers.delete('content-length')
  headers.set('content-encoding', 'gzip')
  c.res = new Response(new Uint8Array(await pack(body, { level: LEVEL })), { status, headers })
})
