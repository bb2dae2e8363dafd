// What is at stake: an answer of somebody else taken for the server's. Real Response objects go
// in, as the browser would give them; what no test here shows is a browser's own network stack.
import { expect, test } from 'vitest'
import { SCHEMA } from '#model/op.ts'
import { PROTOCOL_HEADER } from '#model/protocol.ts'
import { HttpTransport, retryAfterMs, TransportError } from './transport.ts'

const NOW = Date.UTC(2026, 10, 2)
const ID = '01a20078-e7c4-711c-aa0a-e637d80dbf6c'
const MANIFEST = { feed: ID, epoch: ID, seq: 3, parts: [] }

function answering(answer: () => Response | Promise<Response>): HttpTransport {
  return new HttpTransport({ fetch: () => Promise.resolve(answer()), now: () => NOW })
}

function ours(body: string, init: ResponseInit = {}, type = 'application/json'): Response {
  const headers = new Headers(init.headers)
  headers.set(PROTOCOL_HEADER, '1')
  headers.set('content-type', type)
  return new Response(body, { ...init, headers })
}

async function faultOf(answer: () => Response | Promise<Response>) {
  const error: unknown = await answering(answer)
    .manifest()
    .catch((reason: unknown) => reason)
  if (!(error instanceof TransportError)) throw new Error('a TransportError is expected')
  const { fault, code, retryAfterMs } = error
  return { fault, code, retryAfterMs }
}

test('a whole answer of ours is taken', async () => {
  const transport = answering(() => ours(JSON.stringify(MANIFEST)))
  expect(await transport.manifest()).toEqual(MANIFEST)
})

test.each([
  ['a sign-in page', () => new Response('<html>'), 'sign-in-page'],
  ['a redirect to one', () => new Response(null, { status: 302 }), 'sign-in-page'],
  ['JSON without our header', () => Response.json(MANIFEST), 'sign-in-page'],
  ['a proxy whose server is down', () => new Response('bad', { status: 502 }), 'server'],
  ['our header over HTML', () => ours('<html>', {}, 'text/html'), 'server'],
  ['a body that is cut', () => ours('{"feed":"01a2'), 'offline'],
  ['a body of another shape', () => ours('{"feed":1}'), 'server'],
  ['an error of ours', () => ours('{"code":"fault"}', { status: 500 }), 'server'],
  ['no session', () => ours('{"code":"no-session"}', { status: 401 }), 'no-session'],
  ['a revoked device', () => ours('{"code":"device-revoked"}', { status: 403 }), 'revoked'],
  ['another device', () => ours('{"code":"device-mismatch"}', { status: 403 }), 'other-device'],
  ['too large a batch', () => ours('{"code":"too-large"}', { status: 413 }), 'too-large'],
  ['nothing there', () => ours('{"code":"not-found"}', { status: 404 }), 'not-found'],
  ['a network that fails', () => Promise.reject(new TypeError('failed')), 'offline'],
] as const)('%s is %s', async (_name, answer, fault) => {
  expect(await faultOf(answer)).toMatchObject({ fault })
})

test('a header of another protocol is not ours', async () => {
  const headers = { [PROTOCOL_HEADER]: '2', 'content-type': 'application/json' }
  const answer = () => new Response(JSON.stringify(MANIFEST), { headers })
  expect(await faultOf(answer)).toMatchObject({ fault: 'server', code: 'protocol' })
})

test('a server that is busy says for how long', async () => {
  const busy = () => ours('{"code":"too-many"}', { status: 429, headers: { 'retry-after': '7' } })
  expect(await faultOf(busy)).toEqual({ fault: 'busy', code: 'too-many', retryAfterMs: 7000 })
})

test('Retry-After is read as seconds and as a date', () => {
  expect(retryAfterMs('120', NOW)).toBe(120_000)
  expect(retryAfterMs(new Date(NOW + 9_000).toUTCString(), NOW)).toBe(9_000)
  expect(retryAfterMs('soon', NOW)).toBeNull()
  expect(retryAfterMs(null, NOW)).toBeNull()
})

const COUNTER = { epoch: ID, last_n: 0, last_op_id: null, last_hash: ID, server_now: NOW }
const HEALTH = {
  app_version: 'test',
  schema: 1,
  client_now: NOW,
  max_n: 0,
  unsent: 0,
  oldest_unsent_at: null,
  persisted: null,
  usage_bytes: null,
  quota_bytes: null,
}

function pulled(row: object) {
  const page = { epoch: ID, from: 0, cursor: 1, head: 1, floor: 0, rows: [row], more: false }
  const transport = answering(() => ours(JSON.stringify({ ...COUNTER, feeds: { [ID]: page } })))
  return transport.pull({ device_id: ID, health: HEALTH, feeds: {}, limit: 10 })
}

test('a row whose body does not fit its kind makes the page no answer', async () => {
  const row = { seq: 1, id: ID, kind: 'customer', state: 'put', body: { id: ID } }
  await expect(pulled(row)).rejects.toMatchObject({ fault: 'server' })
})

test('a row of a kind or with fields of a later version is taken as it is', async () => {
  const body = { id: ID, customer_id: ID, due: 3 }
  const row = { seq: 1, id: ID, kind: 'task', state: 'put', body, urgent: true }
  expect((await pulled(row)).feeds[ID]?.rows).toEqual([row])
})

test('a reason of a later version is a reason', async () => {
  const result = { n: 1, op_id: ID, status: 'quarantined', reason: 'too-late', hint: 'new' }
  const transport = answering(() => ours(JSON.stringify({ ...COUNTER, results: [result] })))
  const reply = await transport.push({ device_id: ID, epoch: null, health: HEALTH, ops: [] })
  expect(reply.results).toMatchObject([{ reason: 'too-late' }])
})

test('every request says which rows this app can read', async () => {
  const asked: Headers[] = []
  const transport = new HttpTransport({
    fetch: (_path, options) => {
      asked.push(new Headers(options?.headers))
      return Promise.resolve(ours(JSON.stringify(MANIFEST)))
    },
    now: () => NOW,
  })
  await transport.manifest()
  expect(asked[0]?.get('x-regulars-schema')).toBe(String(SCHEMA))
})
