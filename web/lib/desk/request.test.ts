import * as v from 'valibot'
import { expect, test } from 'vitest'
import { PROTOCOL_HEADER } from '#model/protocol.ts'
import { type Fetch, read, write } from './request.ts'
import { DeskError, troubleWords } from './trouble.ts'
import { messagesIn } from './words.ts'

// Whatever answers, the person at the desk must learn what happened and what to do. The network is
// a function passed in; what it cannot show is how a browser itself fails.

const Shape = v.object({ answer: v.number() })

function answering(status: number, body: unknown, headers: Record<string, string> = {}): Fetch {
  const all = { [PROTOCOL_HEADER]: '1', ...headers }
  return () => Promise.resolve(new Response(JSON.stringify(body), { status, headers: all }))
}

async function troubleOf(get: Fetch): Promise<DeskError> {
  const error: unknown = await read(get, '/api/x', Shape).catch((thrown: unknown) => thrown)
  if (error instanceof DeskError) return error
  throw new Error('no trouble')
}

test('an answer of the right shape is read, and what it has beyond that is left', async () => {
  expect(await read(answering(200, { answer: 42, more: 1 }), '/api/x', Shape)).toEqual({
    answer: 42,
  })
})

test('an answer of another shape is named by its field', async () => {
  const trouble = await troubleOf(answering(200, { answer: 'x' }))
  expect([trouble.code, trouble.problem]).toEqual(['shape', 'answer'])
})

test('a page of the network itself is told from an answer of ours', async () => {
  const portal: Fetch = () => Promise.resolve(new Response('<html>', { status: 200 }))
  expect((await troubleOf(portal)).code).toBe('not-ours')
  const proxy: Fetch = () => Promise.resolve(new Response('', { status: 502 }))
  expect((await troubleOf(proxy)).code).toBe('server')
  const nothing: Fetch = () => Promise.reject(new TypeError('failed'))
  expect((await troubleOf(nothing)).code).toBe('offline')
})

test('a problem keeps its code, its field and the request id', async () => {
  const problem = { status: 400, code: 'malformed', detail: 'email', request_id: 'r-1' }
  const trouble = await troubleOf(answering(400, problem))
  expect(trouble).toMatchObject({
    code: 'invalid',
    problem: 'malformed',
    detail: 'email',
    requestId: 'r-1',
  })
  expect(troubleWords(trouble, messagesIn('en').desk.trouble)).toBe('Not accepted: email')
})

test('a wait that the server asks for is passed on', async () => {
  const trouble = await troubleOf(
    answering(429, { status: 429, code: 'too-many' }, { 'retry-after': '90' }),
  )
  expect([trouble.code, trouble.retryAfterS]).toEqual(['too-many', 90])
})

test('a write sends JSON and takes an answer without a body', async () => {
  const sent: [unknown, RequestInit | undefined][] = []
  const get: Fetch = (path, init) => {
    sent.push([path, init])
    return Promise.resolve(new Response(null, { status: 204, headers: { [PROTOCOL_HEADER]: '1' } }))
  }
  await write(get, '/api/x', { name: '人民路' }, v.unknown())
  expect(sent[0]?.[1]).toMatchObject({ method: 'POST', body: '{"name":"人民路"}' })
})
