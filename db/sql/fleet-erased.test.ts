// Whoever asked to be forgotten must be gone from every tablet, and headquarters must see from
// which they are not yet.
import { expect } from 'vitest'
import type { Scope } from '#model/access.ts'
import { CHAIN } from '#model/id.ts'
import type { Health, Pull } from '#model/protocol.ts'
import { addEmptied, revokeDevice } from './devices.ts'
import { headOf } from './feeds.ts'
import { deviceStatuses } from './fleet.ts'
import type { Ledger } from './ledger.ts'
import { pull } from './pull.ts'
import { renewEpochs } from './restore.ts'
import {
  enrolTablet,
  id,
  makeChain,
  MONDAY_10AM,
  onBothEngines,
  openEmpty,
  type Tablet,
  type TestChain,
} from './test-ledger.ts'
import { writeDrafts } from './write.ts'

const ALL: Scope = { all: true }

/** Where a tablet stands that has everything up to now. */
async function hereAndNow(ledger: Ledger, { session }: Tablet): Promise<Pull['feeds']> {
  const heads = await Promise.all(
    [CHAIN, session.book].map(
      async (feed) => [feed, await headOf(ledger, ledger.db, feed)] as const,
    ),
  )
  return Object.fromEntries(
    heads.flatMap(([feed, head]) =>
      head ? [[feed, { cursor: head.seq, epoch: head.epoch }]] : [],
    ),
  )
}

function ask(tablet: Tablet, feeds: Pull['feeds'], more: Partial<Health> = {}) {
  const health = { ...tablet.health(), client_now: MONDAY_10AM, ...more }
  const { device_id } = tablet.session
  return pull(tablet.ledger, tablet.session, { device_id, health, feeds, limit: 100 }, MONDAY_10AM)
}

async function erase({ ledger, admin, stores }: TestChain, record_id: string): Promise<void> {
  const [home] = stores
  const payload = { home_store_id: home, cause: 'request' }
  const draft = { store_id: home, kind: 'customer', record_id, type: 'erase', payload } as const
  const [result] = await writeDrafts(ledger, admin, [draft], MONDAY_10AM)
  expect(result?.status).toBe('applied')
}

/** The devices that may keep somebody erased, of those given. */
async function keepers(ledger: Ledger, tablets: Record<string, Tablet>): Promise<string[]> {
  const { devices } = await deviceStatuses(ledger, ALL, MONDAY_10AM)
  const keep = new Set(devices.flatMap((one) => (one.keeps_erased ? one.device_id : [])))
  return Object.keys(tablets).filter((name) => keep.has(tablets[name]?.session.device_id ?? ''))
}

onBothEngines(
  'tablets that may hold an erased customer are told until they do not',
  async (engine) => {
    const chain = await makeChain(await openEmpty(engine))
    const { ledger } = chain
    const home = await enrolTablet(chain, 0)
    const tablets = {
      home,
      second: await enrolTablet(chain, 0),
      never: await enrolTablet(chain, 0),
      elsewhere: await enrolTablet(chain, 2),
    }
    const customer = id()
    await home.push([home.customer(customer, { name: 'Forget me' })])
    const before = await hereAndNow(ledger, home)
    await ask(home, before)
    await ask(tablets.second, before)
    await ask(tablets.elsewhere, await hereAndNow(ledger, tablets.elsewhere))
    expect(await keepers(ledger, tablets)).toEqual([])

    await erase(chain, customer)
    expect(await keepers(ledger, tablets)).toEqual(['home', 'second'])
    await ask(home, before) // The answer may be lost: only what it asks from next shows what it has.
    expect(await keepers(ledger, tablets)).toEqual(['home', 'second'])
    await ask(home, await hereAndNow(ledger, home), { erasing: 1 })
    expect(await keepers(ledger, tablets)).toEqual(['home', 'second'])
    await ask(home, await hereAndNow(ledger, home), { erasing: 0 })
    expect(await keepers(ledger, tablets)).toEqual(['second'])

    const { second } = tablets
    await revokeDevice(ledger, chain.admin, second.session.device_id, MONDAY_10AM)
    expect(await keepers(ledger, tablets)).toEqual(['second'])
    await addEmptied(ledger, { ...second.session, revoked: true }, MONDAY_10AM + 5)
    expect(await keepers(ledger, tablets)).toEqual([])
    const { devices } = await deviceStatuses(ledger, ALL, MONDAY_10AM)
    const emptied = devices.filter((one) => one.emptied_at !== null)
    expect(emptied.map((one) => [one.device_id, one.emptied_at])).toEqual([
      [second.session.device_id, MONDAY_10AM + 5],
    ])
    await ledger.close()
  },
)

onBothEngines('where a tablet stood before a restore says nothing afterwards', async (engine) => {
  const chain = await makeChain(await openEmpty(engine))
  const { ledger } = chain
  const home = await enrolTablet(chain, 0)
  const customer = id()
  await home.push([home.customer(customer, { name: 'Forget me' })])
  await erase(chain, customer)
  await ask(home, await hereAndNow(ledger, home))
  const status = async () => (await deviceStatuses(ledger, ALL, MONDAY_10AM)).devices[0]
  expect(await status()).toMatchObject({ keeps_erased: false, behind: { store: 0, chain: 0 } })
  await renewEpochs(ledger, MONDAY_10AM)
  expect(await status()).toMatchObject({ keeps_erased: true, behind: { store: null, chain: null } })
  await ledger.close()
})

onBothEngines(
  'a tablet tells how far behind it is, and what its first download took',
  async (engine) => {
    const chain = await makeChain(await openEmpty(engine))
    const { ledger } = chain
    const tablet = await enrolTablet(chain, 0)
    const feeds = await hereAndNow(ledger, tablet)
    const downloaded = { ms: 4_200, bytes: 1_000_000 }
    await tablet.push([
      tablet.customer(id(), { name: 'Ann' }),
      tablet.customer(id(), { name: 'Bo' }),
    ])
    await ask(tablet, feeds, { downloaded })
    const { devices } = await deviceStatuses(ledger, ALL, MONDAY_10AM)
    expect(devices[0]).toMatchObject({ downloaded, behind: { store: 2, chain: 0 } })
    await ledger.close()
  },
)
