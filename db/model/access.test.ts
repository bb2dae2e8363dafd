// What is at stake: one store's people read or write another's. The session is established by the
// server; these tables say what it may do with each kind, and in what order refusals are found.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Actor, mayReadStore, refuseWrite, scopeOf, type Session } from './access.ts'
import { kinds } from './kinds.ts'
import type { Op } from './op.ts'
import type { Reason } from './refusal.ts'
import { ROLES, type Role } from './staff.ts'

const REGION_OF: Record<string, string> = { a: 'north', b: 'north', c: 'south' }
const regionOf = (store: string) => REGION_OF[store] ?? null

function actor(role: Role, more: Partial<Actor> = {}): Actor {
  return { id: 'anna', role, store_ids: ['a'], region_id: null, active: true, ...more }
}

function session(role: Session['role'], more: Partial<Session> = {}): Session {
  const book = role === 'tablet' ? 'a' : 'chain'
  return { device_id: 'd', book, role, revoked: false, actor_id: null, ...more }
}

function opOf(store_id: string): Op {
  return {
    op_id: 'op',
    n: 1,
    prev: null,
    actor_id: 'anna',
    unlock_id: null,
    store_id,
    kind: 'visit',
    record_id: 'r',
    base_seq: 0,
    schema: 1,
    ts_wall: 0,
    offset_ms: 0,
    ts_mono: 0,
    type: 'visit',
    payload: {},
    hash: '',
  }
}

function verdict(
  by: Session,
  who: Actor | undefined,
  store: string,
  kind: keyof typeof kinds = 'visit',
): Reason | null {
  return refuseWrite(by, who, opOf(store), kinds[kind], regionOf)?.reason ?? null
}

const manager = actor('regional', { store_ids: [], region_id: 'north' })
const desk = session('desk', { actor_id: 'anna' })

test.each<[string, Session, Actor | undefined, string, Reason | null]>([
  ['a clerk on the tablet of the own store', session('tablet'), actor('clerk'), 'a', null],
  [
    'a clerk on the tablet, for another store',
    session('tablet'),
    actor('clerk'),
    'b',
    'not-your-store',
  ],
  [
    'a clerk of another store, on this tablet',
    session('tablet'),
    actor('clerk', { store_ids: ['b'] }),
    'a',
    'not-assigned',
  ],
  [
    'a manager of two stores, in the second',
    session('tablet', { book: 'b' }),
    actor('store-manager', { store_ids: ['a', 'b'] }),
    'b',
    null,
  ],
  [
    'a regional manager in a store of the region',
    session('tablet', { book: 'b' }),
    manager,
    'b',
    null,
  ],
  [
    'a regional manager outside the region',
    session('tablet', { book: 'c' }),
    manager,
    'c',
    'not-assigned',
  ],
  [
    'a manager without a region, in a store without one',
    session('tablet', { book: 'x' }),
    actor('regional', { store_ids: [] }),
    'x',
    'not-assigned',
  ],
  [
    'headquarters on a store’s tablet',
    session('tablet'),
    actor('hq', { store_ids: [] }),
    'a',
    null,
  ],
  [
    'headquarters on a tablet, for another store',
    session('tablet'),
    actor('hq'),
    'b',
    'not-your-store',
  ],
  ['headquarters at the desk, for any store', desk, actor('hq', { store_ids: [] }), 'c', null],
  ['a regional manager at the desk, in the region', desk, manager, 'a', null],
  ['a regional manager at the desk, elsewhere', desk, manager, 'c', 'not-assigned'],
  [
    'somebody else’s name at the desk',
    session('desk', { actor_id: 'bert' }),
    actor('hq'),
    'a',
    'unknown-actor',
  ],
  ['somebody who left', session('tablet'), actor('clerk', { active: false }), 'a', 'unknown-actor'],
  ['nobody that is known', session('tablet'), undefined, 'a', 'unknown-actor'],
  ['a revoked tablet', session('tablet', { revoked: true }), actor('clerk'), 'a', 'revoked'],
  ['the importer, for any store', session('import'), actor('admin'), 'c', null],
  ['a store’s record in the chain’s book', desk, actor('hq'), 'chain', 'not-your-store'],
])('a visit by %s', (_name, by, who, store, reason) => {
  expect(verdict(by, who, store)).toBe(reason)
})

test('reference data is written by headquarters, in the chain’s book, at the desk', () => {
  for (const kind of ['region', 'store', 'staff', 'device', 'tag_group', 'tag'] as const) {
    for (const role of ROLES) {
      const isAllowed = role === 'hq' || role === 'admin'
      expect(verdict(desk, actor(role), 'chain', kind), `${role} ${kind}`).toBe(
        isAllowed ? null : 'role',
      )
    }
    expect(verdict(desk, actor('hq'), 'a', kind)).toBe('not-your-store')
    expect(verdict(session('tablet'), actor('admin'), 'chain', kind)).toBe('not-your-store')
  }
})

test('a revoked device and a strange store are told before anything about people', () => {
  const revoked = session('tablet', { revoked: true })
  expect(verdict(revoked, undefined, 'b')).toBe('revoked')
  expect(verdict(session('tablet'), undefined, 'b')).toBe('not-your-store')
})

const anySession = fc.record({
  role: fc.constantFrom('tablet' as const, 'desk' as const, 'import' as const),
  book: fc.constantFrom('a', 'b', 'c', 'x'),
  revoked: fc.boolean(),
  isOwn: fc.boolean(),
})
const anyActor = fc.record({
  role: fc.constantFrom(...ROLES),
  store_ids: fc.subarray(['a', 'b', 'c']),
  region_id: fc.constantFrom('north', 'south', null),
  active: fc.boolean(),
})

test('whoever they are, a tablet’s people write only to its store and only where they belong', () => {
  fc.assert(
    fc.property(anySession, anyActor, fc.constantFrom('a', 'b', 'c', 'x'), (by, who, store) => {
      const whose = by.isOwn ? 'anna' : 'bert'
      const actor_id = by.role === 'desk' ? whose : null
      const found = verdict({ ...by, device_id: 'd', actor_id }, { id: 'anna', ...who }, store)
      if (found !== null) return
      expect(by.revoked || !who.active).toBe(false)
      if (by.role === 'tablet') expect(store).toBe(by.book)
      if (by.role === 'desk') expect(whose).toBe('anna')
      const isHq = who.role === 'hq' || who.role === 'admin'
      const region = who.role === 'regional' ? who.region_id : null
      const isManager = region !== null && region === regionOf(store)
      const belongs = isHq || isManager || who.store_ids.includes(store)
      expect(belongs || by.role === 'import').toBe(true)
    }),
    { numRuns: 1000 },
  )
})

test.each<[string, Actor, string[]]>([
  ['headquarters reads', actor('hq', { store_ids: [] }), ['a', 'b', 'c', 'x']],
  ['an administrator reads', actor('admin', { store_ids: [] }), ['a', 'b', 'c', 'x']],
  ['a regional manager reads the region', manager, ['a', 'b']],
  ['and a store given besides', { ...manager, store_ids: ['c'] }, ['a', 'b', 'c']],
  ['a manager without a region reads no store without one', actor('regional'), ['a']],
  ['a store manager reads the own stores', actor('store-manager', { store_ids: ['c'] }), ['c']],
  ['a clerk’s region opens nothing', actor('clerk', { region_id: 'south' }), ['a']],
])('%s', (_name, who, readable) => {
  const scope = scopeOf(who)
  const stores = ['a', 'b', 'c', 'x'].filter((store) => mayReadStore(scope, store, regionOf(store)))
  expect(stores).toEqual(readable)
})
