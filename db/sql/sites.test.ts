// What is at stake: a site's quarter, told from what the ledger keeps and what people said of it.
import { expect } from 'vitest'
import { must } from '#model/assert.ts'
import { DAY_MS, instantOf } from '#model/calendar.ts'
import { quarterOf } from '#model/period.ts'
import { rollUp } from './rollup.ts'
import { type SiteWord, sitesReport, withdrawDowntime, writeSite } from './sites.ts'
import { enrolTablet, id, makeChain, MONDAY_10AM, onBothEngines, openEmpty } from './test-ledger.ts'

const TODAY = Math.floor(MONDAY_10AM / DAY_MS)
const QUARTER = quarterOf(TODAY - 40)
/** The tablet's last word lies in the quarter that runs, which may have gone on since. */
const AFTER_SILENCE = MONDAY_10AM + 4 * DAY_MS
const HEADQUARTERS = { all: true } as const

/** A chain whose first store had two visits, and how its sites are spoken of and read. */
async function openSites(engine: Parameters<typeof openEmpty>[0]) {
  const chain = await makeChain(await openEmpty(engine))
  const { ledger, stores } = chain
  const tablet = await enrolTablet(chain, 0)
  const customer = id()
  const first = MONDAY_10AM - 40 * DAY_MS
  await tablet.push([
    tablet.customer(customer, { name: 'Li' }, first),
    tablet.visit(customer, stores[0], first, { spend_minor: 900 }),
    tablet.visit(customer, stores[0], first + DAY_MS, { spend_minor: 100 }),
  ])
  while ((await rollUp(ledger)) > 0);
  const say = (word: SiteWord, at = MONDAY_10AM) => writeSite(ledger, chain.admin, word, at)
  const read = async (scope: Parameters<typeof sitesReport>[1] = HEADQUARTERS) =>
    (await sitesReport(ledger, scope, QUARTER, MONDAY_10AM)).rows
  return { ...chain, store_id: stores[0], say, read }
}

/** A fault of an hour and a half. */
function faultAt(store_id: string) {
  const noon = instantOf(TODAY - 41, 720, 'Asia/Shanghai')
  return { store_id, from: noon, to: noon + 90 * 60_000, reason: 'power' }
}

onBothEngines(
  'a site is told with its purpose, its faults and what was decided',
  async (engine) => {
    const { ledger, stores, regions, store_id, say, read } = await openSites(engine)
    expect((await read()).map((row) => row.assessment)).toEqual([null, null, null])
    const purpose = {
      kind: 'site_purpose' as const,
      payload: { store_id, purpose: 'serve' as const },
    }
    expect(
      await say({ ...purpose, payload: { store_id, purpose: 'draw', note: 'by the gate' } }),
    ).toBeNull()
    expect(await say(purpose)).toBeNull()
    const downtime = faultAt(store_id)
    // The answer was lost, and it was told again: it is one fault.
    for (let told = 0; told < 2; told += 1)
      expect(await say({ kind: 'downtime', payload: downtime })).toBeNull()
    const review = { store_id, quarter: QUARTER.text, decided: 'keep', note: 'one more quarter' }
    expect(await say({ kind: 'site_review', payload: review })).toBeNull()
    const site = must((await read()).find((row) => row.store_id === store_id) ?? null, 'the site')
    expect(site).toMatchObject({
      assessment: { purpose: 'serve', advice: null, why: 'few-visits', peers: 0 },
      availability: { lost: [{ reason: 'power', minutes: 90 }] },
      downtimes: [{ from: downtime.from, to: downtime.to, reason: 'power' }],
      review: { decided: 'keep', note: 'one more quarter' },
    })
    expect(site.availability.promised - site.availability.available).toBe(90)
    expect(site.assessment?.evidence).toMatchObject([
      { measure: 'returning_customers', value: 0, standing: 'no-data' },
      { measure: 'spend_per_visit', value: 500 },
    ])
    const running = await sitesReport(ledger, HEADQUARTERS, quarterOf(TODAY), AFTER_SILENCE)
    expect(running.coverage).toEqual({ fresh: 0, stores: 1 })
    expect((await sitesReport(ledger, HEADQUARTERS, QUARTER, AFTER_SILENCE)).coverage).toEqual({
      ...{ fresh: 1, stores: 1 },
    })
    expect(running.rows.find((row) => row.store_id === store_id)).toMatchObject({
      ...{ as_of: expect.any(Number), assessment: { advice: null, why: 'stale', peers: 0 } },
    })
    const other = { all: false, region_id: regions[1], store_ids: [] } as const
    expect((await read(other)).map((row) => row.store_id)).toEqual([stores[2]])
    await ledger.close()
  },
)

onBothEngines(
  'a fault told in error is withdrawn, stays on record, and may be told again',
  async (engine) => {
    const { ledger, admin, store_id, say, read } = await openSites(engine)
    const downtime = faultAt(store_id)
    const purpose = {
      kind: 'site_purpose' as const,
      payload: { store_id, purpose: 'serve' as const },
    }
    expect(await say(purpose)).toBeNull()
    expect(await say({ kind: 'downtime', payload: downtime })).toBeNull()
    const told = must((await read()).find((row) => row.store_id === store_id) ?? null, 'the site')
    const { id: fault } = must(told.downtimes[0] ?? null, 'the fault')
    const wrong = { id: fault, reason: 'the other store' }
    expect(await withdrawDowntime(ledger, admin, wrong, MONDAY_10AM + 1)).toBeNull()
    const [mended] = (await read()).filter((row) => row.store_id === store_id)
    expect(mended).toMatchObject({
      availability: { promised: told.availability.promised, lost: [] },
      hours_assumed: true,
      zone: 'Asia/Shanghai',
      downtimes: [{ id: fault, withdrawn: { reason: 'the other store', by_name: 'Admin' } }],
    })
    // Told once more it stands again: whoever withdrew it was wrong.
    const again = { kind: 'downtime' as const, payload: downtime }
    expect(await say(again, MONDAY_10AM + 2)).toBeNull()
    const stands = (await read()).filter((row) => row.store_id === store_id)
    expect(stands).toMatchObject([
      { availability: { lost: [{ minutes: 90 }] }, downtimes: [{ id: fault, withdrawn: null }] },
    ])
    await ledger.close()
  },
)
