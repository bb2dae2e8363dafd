// A wrong answer here stays for weeks: browsers and service workers keep what they were given.
import { mkdtempSync, mkdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { loadFiles } from './files.ts'
import { type EmptyWorld, openEmptyWorld } from './test-world.ts'

const FILES = {
  'index.html': '<!doctype html><title>Regulars</title>',
  'index.html.br': 'packed page',
  'service-worker.js': 'worker',
  'app.webmanifest': '{}',
  '_app/version.json': '{"version":"1"}',
  '_app/immutable/start.js': 'export {}',
  '_app/immutable/start.js.br': 'packed by brotli',
  '_app/immutable/start.js.gz': 'packed by gzip',
  'notes.secret': 'of no known type',
}

let world: EmptyWorld
beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'regulars-build-'))
  for (const [path, text] of Object.entries(FILES)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  world = await openEmptyWorld({ files: await loadFiles(folder) })
})
afterAll(() => world.close())

const PAGE = { accept: 'text/html,*/*', 'sec-fetch-mode': 'navigate' }
const get = (path: string, headers: Record<string, string> = {}) =>
  world.ask('GET', path, { headers })

test('what never changes is kept for ever, what decides about updates is asked for anew', async () => {
  const caching = async (path: string) => (await get(path)).headers.get('cache-control')
  expect(await caching('/_app/immutable/start.js')).toBe('public, max-age=31536000, immutable')
  for (const path of ['/', '/index.html', '/service-worker.js', '/_app/version.json'])
    expect(await caching(path)).toBe('no-cache')
})

test('the best packed form that the browser takes is sent', async () => {
  const sent = async (accepted: string) => {
    const answer = await get('/_app/immutable/start.js', { 'accept-encoding': accepted })
    expect(answer.headers.get('content-type')).toBe('text/javascript; charset=utf-8')
    expect(answer.headers.get('vary')).toBe('accept-encoding')
    return [answer.headers.get('content-encoding'), await answer.text()]
  }
  expect(await sent('gzip, br')).toEqual(['br', 'packed by brotli'])
  expect(await sent('gzip')).toEqual(['gzip', 'packed by gzip'])
  expect(await sent('identity')).toEqual([null, 'export {}'])
})

test('a browser on its way to any address of the app gets the page', async () => {
  for (const path of ['/', '/customers/42', '/stores?period=2026-10']) {
    const answer = await get(path, PAGE)
    expect([answer.status, await answer.text()]).toEqual([200, FILES['index.html']])
    expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(answer.headers.get('content-security-policy')).toBe("frame-ancestors 'none'")
  }
})

test('a missing script, image or answer is never the page', async () => {
  const missing: [string, Record<string, string>][] = [
    ['/_app/immutable/old.js', PAGE],
    ['/_app/immutable/old.js', { accept: '*/*' }],
    ['/icon.png', { accept: 'image/*', 'sec-fetch-mode': 'no-cors' }],
    ['/customers/42', { accept: 'text/html', 'sec-fetch-mode': 'cors' }],
    ['/api/nowhere', PAGE],
  ]
  for (const [path, headers] of missing) expect((await get(path, headers)).status, path).toBe(404)
})

test('nothing outside the built app can be read, nor what is no part of it', async () => {
  const outside = ['/../package.json', '/..%2fpackage.json', '/%2e%2e/package.json', '//etc/passwd']
  const odd = ['/notes.secret', '/index.html.br', '/_app', '/_app/immutable/', '/constructor']
  for (const path of [...outside, ...odd]) expect((await get(path)).status, path).toBe(404)
})

test('an unchanged file is not sent again', async () => {
  const etag = (await get('/service-worker.js')).headers.get('etag') ?? ''
  const again = await get('/service-worker.js', { 'if-none-match': etag })
  expect([again.status, await again.text()]).toEqual([304, ''])
  expect((await get('/service-worker.js', { 'if-none-match': 'W/"other"' })).status).toBe(200)
})

test('HEAD answers as GET does, without the body', async () => {
  const answer = await world.ask('HEAD', '/service-worker.js')
  expect([answer.status, await answer.text()]).toEqual([200, ''])
})

test('a server without a built app still has its API', async () => {
  expect((await loadFiles(join(tmpdir(), 'not-there'))).size).toBe(0)
})
