import type { Context } from 'hono'
import { ApiError } from './errors.ts'
import type { StaticFile, StaticFiles } from './files.ts'
import type { PublicEnv } from './request.ts'
import type { Route } from './route.ts'

const PAGE = '/index.html'

/** The built app. Mounted last: it answers whatever no other route has. */
export function staticRoutes(files: StaticFiles): Route[] {
  return [{ who: 'public', method: 'GET', path: '/*', handle: (c) => serve(c, files) }]
}

function serve(c: Context<PublicEnv>, files: StaticFiles): Response {
  const path = c.req.path === '/' ? PAGE : c.req.path
  const file = files.get(path) ?? (isNavigation(c) ? files.get(PAGE) : undefined)
  if (!file) throw new ApiError('not-found')
  const caching = path.startsWith('/_app/immutable/')
    ? 'public, max-age=31536000, immutable'
    : 'no-cache'
  return send(c, file, caching)
}

/**
 * Only a browser on its way to a page gets the page. Were a missing script answered with it, an
 * old service worker would keep HTML in a script's place.
 */
function isNavigation(c: Context<PublicEnv>): boolean {
  const { path } = c.req
  if (path.startsWith('/api/') || path.startsWith('/_app/')) return false
  const mode = c.req.header('sec-fetch-mode')
  if (mode !== undefined && mode !== 'navigate') return false
  return (c.req.header('accept') ?? '').includes('text/html')
}

function send(c: Context<PublicEnv>, file: StaticFile, caching: string): Response {
  const headers = new Headers({
    'content-type': file.type,
    'cache-control': caching,
    etag: file.etag,
    vary: 'accept-encoding',
  })
  if (c.req.header('if-none-match')?.includes(file.etag)) {
    return new Response(null, { status: 304, headers })
  }
  const accepts = c.req.header('accept-encoding') ?? ''
  const [encoding, packed] =
    file.br && /\bbr\b/.test(accepts)
      ? ['br', file.br]
      : file.gzip && /\bgzip\b/.test(accepts)
        ? ['gzip', file.gzip]
        : [null, null]
  if (encoding) headers.set('content-encoding', encoding)
  return new Response(packed ?? file.body, { headers })
}
