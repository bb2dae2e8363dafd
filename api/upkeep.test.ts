// A store that served somebody once must not hold their record for ever: after 180 days without a
// fact the copy leaves its feed, and nobody has to remember to see to it.
import { expect, test } from 'vitest'
import { enrolTablet, id, makeChain, MONDAY_10AM, openEmpty } from '#sql/test-ledger.ts'
import { endAllIdleLinks } from './upkeep.ts'

const DAY_MS = 86_400_000

test('a linked copy ends after 180 days without a fact, not a day earlier', async () => {
  const chain = await makeChain(await openEmpty('sqlite'))
  const [home, other] = [await enrolTablet(chain, 0), await enrolTablet(chain, 2)]
  const customer = id()
  await home.push([home.customer(customer)])
  await other.push([other.visit(customer, chain.stores[0])])
  expect(await endAllIdleLinks(chain.ledger, MONDAY_10AM + 179 * DAY_MS)).toBe(0)
  expect(await endAllIdleLinks(chain.ledger, MONDAY_10AM + 182 * DAY_MS)).toBe(1)
  expect(await endAllIdleLinks(chain.ledger, MONDAY_10AM + 182 * DAY_MS)).toBe(0)
  await chain.ledger.close()
})
