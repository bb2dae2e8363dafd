// Whatever bytes arrive, the answer is a refusal that names its reason, never a failure: a body
// that makes the server fail would also be tried again and again by the tablet that holds it.
import { v7 } from 'uuid'
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from 'vitest'
import { Pool } from 'pg'
import type { Problem, PushReply } from '#model/protocol.ts'
import {
  customerDraft,
  MORNING,
  openWorld,
  pullBody,
  pushBody,
  sealAll,
  type World,
} from './test-world.ts'

const KB = 1024
const deep = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`
const manyKeys = JSON.stringify(Object.fromEntries(Array.from({ length: 201 }, (_, i) => [i, 0])))

/** Bodies that are wrong whatever the route, with the code that each must get. */
const BODIES: [string, string | Uint8Array<ArrayBuffer>, string][] = [
  ['nothing', '', 'malformed'],
  ['half an object', '{"ops":', 'malformed'],
  ['a page', '<!doctype html><title>no</title>', 'malformed'],
  ['null', 'null', 'malformed'],
  ['a list', '[]', 'malformed'],
  ['a number past all bounds', '1e999999', 'malformed'],
  ['17 levels', deep(17), 'malformed'],
  ['30,000 levels', deep(30_000), 'malformed'],
  ['201 keys', manyKeys, 'malformed'],
  ['__proto__', '{"__proto__":{"role":"admin"}}', 'malformed'],
  ['constructor below', '{"a":[{"constructor":{"prototype":{}}}]}', 'malformed'],
  ['a string of 4,097 characters', JSON.stringify({ a: 'x'.repeat(4097) }), 'malformed'],
  ['bytes that are no UTF-8', new Uint8Array([0x22, 0xff, 0xfe, 0x22]), 'malformed'],
  ['a byte order mark alone', new Uint8Array([0xef, 0xbb, 0xbf]), 'malformed'],
  ['300 kB', `"${'x'.repeat(300 * KB)}"`, 'too-large'],
]

/** Texts that one engine would store and the other refuse, or that deceive the eye. */
const TEXTS = ['a\u0000b', '\ud800', '\udc00x', 'a\u202eb', 'a\u0007', `z${'\u0301'.repeat(9)}`]

/** A decision about an op that is not there, for a reason that is no line of text. */
const decisionWith = (reason: string) => {
  const made = { subject: 'op', subject_id: v7(), verdict: 'dismiss' }
  return { ...made, store_id: 'chain', reason }
}

async function openPostgresWorld(): Promise<World> {
  const url = new URL(inject('postgresUrl'))
  const name = `hostile_${process.pid}`
  const admin = new Pool({ connectionString: url.href })
  await admin.query(`create database ${name}`)
  await admin.end()
  url.pathname = `/${name}`
  return openWorld({}, url.href)
}

const engines = [
  ['SQLite', () => openWorld(), false],
  ['PostgreSQL', openPostgresWorld, !inject('postgresUrl')],
] as const

describe.each(engines)('on %s', (_name, open, isMissing) => {
  let world: World
  beforeAll(async () => {
    if (!isMissing) world = await open()
  })
  afterAll(() => world?.close())
  afterEach(() => expect(Reflect.get({}, 'role')).toBeUndefined())

  const routes = () =>
    [
      ['/api/sync/push', world.tablets.n1.cookie],
      ['/api/sync/pull', world.tablets.n1.cookie],
      ['/api/devices/renew', world.tablets.n1.cookie],
      ['/api/desk/decisions', world.desk.admin],
      [`/api/admin/customers/${v7()}/${v7()}/erase`, world.desk.admin],
      [`/api/desk/customers/${v7()}/${v7()}/transfer`, world.desk.admin],
      ['/api/admin/write', world.desk.admin],
      ['/api/admin/enrolments', world.desk.admin],
      ['/api/admin/pins', world.desk.admin],
      ['/api/admin/accounts', world.desk.admin],
      ['/api/auth/sign-in', ''],
      ['/api/devices/enrol', ''],
      ['/api/setup', ''],
    ] as const

  test.skipIf(isMissing)('every hostile body is refused by every route with its code', async () => {
    for (const [path, as] of routes())
      for (const [name, body, code] of BODIES) {
        const headers = { 'content-type': 'application/json', cookie: as }
        const answer = await world.app.request(path, { method: 'POST', headers, body })
        const problem = (await answer.json()) as Problem
        expect(problem.code, `${name} to ${path}`).toBe(code)
        expect(answer.headers.get('content-type')).toBe('application/problem+json')
      }
  })

  test.skipIf(isMissing)('hostile text in any field is refused, never a failure', async () => {
    const { desk, stores, staff } = world
    const place = { region_id: null, zone: 'Asia/Shanghai', currency: 'CNY', country: 'CN' }
    for (const text of TEXTS) {
      const draft = { kind: 'store', record_id: v7(), type: 'create' }
      const drafts = [{ ...draft, payload: { name: text, ...place } }]
      const bodies = [
        ['/api/admin/enrolments', { store_id: stores.n1, name: text }],
        ['/api/admin/pins', { staff_id: staff.clerk, pin: text }],
        ['/api/admin/accounts', { staff_id: text, email: text, password: text }],
        ['/api/auth/sign-in', { email: text, password: text }],
        ['/api/devices/enrol', { code: `${text}${text}` }],
        ['/api/desk/decisions', decisionWith(text)],
      ] as const
      for (const [path, body] of bodies) {
        const { status } = await world.ask('POST', path, { as: desk.admin, body })
        expect([400, 401, 404, 429], `${JSON.stringify(text)} to ${path}`).toContain(status)
      }
      const written = await world.ask('POST', '/api/admin/write', {
        as: desk.admin,
        body: { drafts },
      })
      expect(await written.json()).toMatchObject([{ status: 'quarantined', reason: 'malformed' }])
    }
  })

  test.skipIf(isMissing)('hostile text in an op is quarantined and the rest goes on', async () => {
    const { stores, staff } = world
    const tablet = await world.enrol(stores.n1)
    const names = [...TEXTS, 'x'.repeat(81), '', 'Well named']
    const drafts = names.map((name) => customerDraft(stores.n1, v7(), name))
    const ops = sealAll(tablet, staff.clerk, drafts, MORNING)
    const body = pushBody(tablet, ops, MORNING)
    const answer = await world.ask('POST', '/api/sync/push', { as: tablet.cookie, body })
    expect(answer.status).toBe(200)
    const { results } = (await answer.json()) as PushReply
    const outcomes = results.map(({ status, reason }) => reason ?? status)
    expect(outcomes).toEqual([...names.slice(1).map(() => 'malformed'), 'applied'])
  })

  test.skipIf(isMissing)('hostile paths and queries are refused, never a failure', async () => {
    const odd = [
      '%00',
      '%ED%A0%80',
      '%E0%80%AF',
      '..%2f..%2fsecret',
      "'%20or%201=1",
      '9'.repeat(400),
    ]
    for (const text of odd) {
      const asked = [
        [`/api/customers?q=${text}`, world.tablets.n1.cookie],
        [`/api/customers/${text}/${text}`, world.tablets.n1.cookie],
        [`/api/sync/part/${text}/${text}`, world.tablets.n1.cookie],
        [`/api/desk/stores?period=${text}`, world.desk.hq],
        [`/api/desk/stores/${text}/history?grain=month&from=${text}&to=${text}`, world.desk.hq],
        [`/api/desk/refused?device=${text}&state=${text}`, world.desk.hq],
        [`/api/desk/losses?state=${text}`, world.desk.hq],
        [`/api/desk/sync/hours?from=${text}&to=${text}`, world.desk.hq],
        [`/api/desk/sync/devices/${text}`, world.desk.hq],
        [`/api/admin/reference/${text}`, world.desk.admin],
      ] as const
      for (const [path, as] of asked) {
        const { status } = await world.ask('GET', path, { as })
        expect([200, 400, 404], path).toContain(status)
      }
    }
  })

  test.skipIf(isMissing)('one op that no ledger can keep does not hold up the others', async () => {
    const { stores, staff } = world
    const tablet = await world.enrol(stores.n1)
    const drafts = ['One', 'Two', 'Three', 'Four'].map((name) =>
      customerDraft(stores.n1, v7(), name),
    )
    const ops = sealAll(tablet, staff.clerk, drafts, MORNING)
    const payloads = [
      JSON.parse('{"__proto__":{"role":"admin"}}') as object,
      { name: 'x'.repeat(5_000) },
      JSON.parse(`{"a":${deep(40)}}`) as object,
    ]
    const sent = ops.map((op, at) => ({ ...op, payload: payloads[at] ?? op.payload }))
    const body = { ...pushBody(tablet, [], MORNING), ops: sent }
    const answer = await world.ask('POST', '/api/sync/push', { as: tablet.cookie, body })
    const { results, last_n } = (await answer.json()) as PushReply
    const outcomes = results.map(({ status }) => status)
    expect(outcomes).toEqual(['quarantined', 'quarantined', 'quarantined', 'applied'])
    expect(last_n).toBe(4)
    const path = `/api/desk/refused?device=${tablet.device_id}`
    expect((await world.ask('GET', path, { as: world.desk.hq })).status).toBe(200)
  })

  test.skipIf(isMissing)('numbers out of bounds are refused before the ledger', async () => {
    const { tablets, staff, stores } = world
    const sealed = sealAll(tablets.n1, staff.clerk, [customerDraft(stores.n1, v7(), 'N')], MORNING)
    const wrong = [0, -1, 1.5, 2 ** 53, Number.MAX_VALUE, '1', null]
    for (const n of wrong) {
      const ops = sealed.map((op) => ({ ...op, n }))
      const body = { ...pushBody(tablets.n1, [], MORNING), ops }
      const as = tablets.n1.cookie
      const pushed = await world.ask('POST', '/api/sync/push', { as, body })
      const { results, last_n } = (await pushed.json()) as PushReply
      expect([pushed.status, results, last_n]).toEqual([200, [], 0])
      const pull = { ...pullBody(tablets.n1, ['chain'], MORNING), limit: n === '1' ? 2001 : n }
      expect((await world.ask('POST', '/api/sync/pull', { as, body: pull })).status).toBe(400)
    }
  })
})
