// The look-up over the whole chain: what a clerk types must find the same customers on both
// engines, and never more than was asked for.
import { expect } from 'vitest'
import { chainCustomer, searchChain } from './search.ts'
import { enrolTablet, id, makeChain, MONDAY_10AM, onBothEngines, openEmpty } from './test-ledger.ts'

onBothEngines('the chain is searched by phone, tail, name, pinyin and card', async (engine) => {
  const chain = await makeChain(await openEmpty(engine))
  const [east, west] = [await enrolTablet(chain, 0), await enrolTablet(chain, 2)]
  const [zhang, shan, anna] = [id(), id(), id()]
  await east.push([
    east.customer(zhang, { name: '张伟', phone: '+8613812345678', note: 'private' }),
    east.customer(shan, { name: '单雄信', phone: '+8613700005678' }),
    east.visit(shan, chain.stores[0], MONDAY_10AM - 1000),
  ])
  await west.push([west.customer(anna, { name: '50% Anna_B', card: 'VIP-77' })])
  const find = async (text: string) =>
    (await searchChain(chain.ledger, text)).customers.map((customer) => customer.id)
  expect(await find('+86 138 1234 5678')).toEqual([zhang])
  expect(await find('5678')).toEqual([shan, zhang]) // The one who came last stands first.
  expect(await find('张')).toEqual([zhang])
  expect(await find('zhangw')).toEqual([zhang])
  expect(await find('sxx')).toEqual([shan])
  expect(await find('vip-77')).toEqual([anna])
  expect(await find('50%')).toEqual([anna])
  expect(await find('%')).toEqual([])
  expect(await find('5')).toEqual([])
  const [found] = (await searchChain(chain.ledger, '张伟')).customers
  expect(found?.note).toBeNull()
  const reply = await chainCustomer(chain.ledger, chain.stores[0], shan)
  expect(reply?.history).toHaveLength(1)
  expect(await chainCustomer(chain.ledger, chain.stores[2], shan)).toBeNull()
  await chain.ledger.close()
})
