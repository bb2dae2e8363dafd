// What is at stake: two stores that serve the same new customer at the same moment. Without the
// row lock both would fold "first visit" from an empty past and the chain would gain two customers.
import { expect } from 'vitest'
import { rebuild } from './rebuild.ts'
import { storesReport } from './reports.ts'
import { rollUp } from './rollup.ts'
import { parsePeriod } from '#model/period.ts'
import { enrolTablet, id, makeChain, MONDAY_10AM, onBothEngines, openEmpty } from './test-ledger.ts'

// SQLite has one writer, so there the test only shows that nothing else goes wrong.
const CUSTOMERS = { sqlite: 100, postgres: 1000 }
const AT_ONCE = 8

onBothEngines(
  'a first visit pushed by two stores at once counts once each',
  async (engine) => {
    const chain = await makeChain(await openEmpty(engine))
    const { ledger, stores } = chain
    const home = await enrolTablet(chain, 0)
    const count = CUSTOMERS[engine]
    const customers = Array.from({ length: count }, id)
    for (let at = 0; at < count; at += 200)
      await home.push(customers.slice(at, at + 200).map((one) => home.customer(one)))
    const pairs = []
    for (let pair = 0; pair < AT_ONCE; pair += 1)
      pairs.push([await enrolTablet(chain, 1), await enrolTablet(chain, 2)] as const)
    await Promise.all(
      pairs.map(async (tablets, lane) => {
        for (let at = lane; at < count; at += AT_ONCE)
          await Promise.all(
            tablets.map((tablet) => tablet.push([tablet.visit(customers[at] ?? '', stores[0])])),
          )
      }),
    )
    while ((await rollUp(ledger)) > 0);
    const period = parsePeriod('2026-11')!
    const { rows } = await storesReport(ledger, { all: true }, period, MONDAY_10AM)
    const valuesOf = (scope: string) => rows.find((row) => row.scope === scope)?.now
    expect(valuesOf('chain')).toMatchObject({
      visits: 2 * count,
      visitors: count,
      new: count,
      active: count,
    })
    expect(valuesOf(stores[0])).toMatchObject({ visits: 0, visitors: 0, new: count, active: count })
    expect(valuesOf(stores[1])).toMatchObject({ visits: count, visitors: count, new: 0 })
    expect(await rebuild(ledger, { write: false })).toEqual([])
    await ledger.close()
  },
  180_000,
)
