// What browsers, proxies and strangers do with the answers and requests of every route alike.
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Problem } from '#model/protocol.ts'
import { BODY_MAX_BYTES } from './guard.ts'
import { openEmptyWorld, openWorld, SETUP, type World } from './test-world.ts'

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world.close())

const codeOf = async (answer: Response) => ((await answer.json()) as Problem).code
const signIn = (headers: Record<string, string>) =>
  world.ask('POST', '/api/auth/sign-in', {
    headers,
    body: { email: `${Math.random()}@example.com`, password: 'whatever it is' },
  })

test('a write that a page of another site makes the browser send is refused', async () => {
  const foreign = [
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { 'sec-fetch-site': 'none' },
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { origin: 'http://localhost:81' },
    { 'sec-fetch-site': 'same-origin', origin: 'https://evil.example' },
  ]
  for (const headers of foreign) {
    const answer = await signIn(headers)
    expect([answer.status, await codeOf(answer)]).toEqual([403, 'foreign-origin'])
  }
})

test('a write of our own page, or of a program, is let through to be judged', async () => {
  const own = [{}, { 'sec-fetch-site': 'same-origin', origin: 'http://localhost' }]
  for (const headers of own) expect((await signIn(headers)).status).toBe(401)
})

test('with a public origin, no other name of the server is good enough', async () => {
  const publicOrigin = 'https://regulars.example'
  const named = await openEmptyWorld({ publicOrigin, isHttps: true })
  const ask = (origin: string) =>
    named.ask('POST', '/api/auth/sign-out', { headers: { origin, host: 'other.example' } })
  expect((await ask(publicOrigin)).status).toBe(200)
  expect((await ask('https://other.example')).status).toBe(403)
  expect((await ask('http://regulars.example')).status).toBe(403)
  await named.close()
})

test('a form, or a packed body, is not taken for JSON', async () => {
  for (const headers of [
    { 'content-type': 'application/x-www-form-urlencoded' },
    { 'content-type': 'text/plain' },
    { 'content-type': 'application/jsonp' },
    { 'content-encoding': 'gzip' },
  ]) {
    const answer = await signIn(headers)
    expect([answer.status, await codeOf(answer)]).toEqual([415, 'not-json'])
  }
})

test('a body past its limit is refused, whether or not its length is told', async () => {
  const body = `"${'x'.repeat(BODY_MAX_BYTES)}"`
  const headers = { 'content-type': 'application/json' }
  const told = await world.ask('POST', '/api/auth/sign-in', {
    body: '{}',
    headers: { 'content-length': String(BODY_MAX_BYTES + 1) },
  })
  expect(await codeOf(told)).toBe('too-large')
  const stream = new Blob([body]).stream()
  const init = { method: 'POST', headers, body: stream, duplex: 'half' } as const
  const streamed = await world.app.request('/api/auth/sign-in', init)
  expect([streamed.status, await codeOf(streamed)]).toEqual([413, 'too-large'])
})

test('every answer of the API says its protocol and is kept by no cache', async () => {
  const answers = [
    await world.ask('GET', '/api/setup'),
    await world.ask('GET', '/api/nowhere'),
    await world.ask('POST', '/api/nowhere'),
    await world.ask('GET', '/api/desk/me'),
    await world.ask('GET', '/api/sync/snapshot', { as: world.tablets.n1.cookie }),
    await signIn({ 'sec-fetch-site': 'cross-site' }),
  ]
  for (const answer of answers) {
    expect(answer.headers.get('x-regulars-protocol')).toBe('1')
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(answer.headers.get('x-request-id')).toMatch(/^[0-9a-f]{16}$/)
  }
})

test('an error is a problem document that names its request', async () => {
  const answer = await world.ask('GET', '/api/nowhere')
  expect(answer.headers.get('content-type')).toBe('application/problem+json')
  expect(await answer.json()).toMatchObject({
    type: 'urn:regulars:problem:not-found',
    status: 404,
    code: 'not-found',
    request_id: answer.headers.get('x-request-id'),
  })
})

test('a long answer is packed for whoever can unpack it', async () => {
  for (let n = 0; n < 8; n += 1) await world.hire('clerk', [world.stores.n1])
  const path = '/api/admin/reference/staff'
  const asked = { as: world.desk.admin, headers: { 'accept-encoding': 'br, gzip' } }
  const plain = await (await world.ask('GET', path, { as: world.desk.admin })).text()
  const packed = await world.ask('GET', path, asked)
  expect(packed.headers.get('content-encoding')).toBe('gzip')
  expect(packed.headers.get('vary')).toBe('accept-encoding')
  expect(gunzipSync(await packed.arrayBuffer()).toString()).toBe(plain)
  const short = await world.ask('GET', '/api/setup', asked)
  expect(short.headers.get('content-encoding')).toBeNull()
  expect(await short.json()).toEqual({ empty: false })
})

test('over HTTPS browsers are told to stay there, and cookies are for HTTPS only', async () => {
  const secure = await openEmptyWorld({ isHttps: true })
  await secure.ask('POST', '/api/setup', { body: SETUP })
  const { email, password } = SETUP
  const answer = await secure.ask('POST', '/api/auth/sign-in', { body: { email, password } })
  expect(answer.headers.get('strict-transport-security')).toBe('max-age=31536000')
  expect(answer.headers.get('set-cookie')).toMatch(/; Secure/)
  await secure.close()
  expect((await world.ask('GET', '/healthz')).headers.get('strict-transport-security')).toBeNull()
})

test('behind a proxy attempts are counted by the address that the proxy saw', async () => {
  const proxied = await openEmptyWorld({ trustsProxy: true })
  const ask = async (forwarded: string) => {
    const headers = { 'x-forwarded-for': forwarded }
    const answer = await proxied.ask('POST', '/api/setup', { headers, body: { wrong: true } })
    const enrol = { headers, body: { code: 'WRONG-CODES' } }
    return [answer.status, (await proxied.ask('POST', '/api/devices/enrol', enrol)).status]
  }
  for (let n = 0; n < 20; n += 1) await ask(`10.9.9.${n}, 10.0.0.1`)
  expect(await ask('10.0.0.9, 10.0.0.1')).toEqual([400, 429])
  expect(await ask('10.0.0.1, 10.0.0.2')).toEqual([400, 404])
  await proxied.close()
})

test('the health of the process and its readiness are told apart', async () => {
  const broken = await openEmptyWorld()
  expect((await broken.ask('GET', '/readyz')).status).toBe(200)
  await broken.ledger.close()
  expect((await broken.ask('GET', '/healthz')).status).toBe(200)
  const answer = await broken.ask('GET', '/readyz')
  expect([answer.status, await codeOf(answer)]).toEqual([503, 'unready'])
  await broken.accounts.close()
})
