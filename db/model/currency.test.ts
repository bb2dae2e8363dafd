import { expect, test } from 'vitest'
import { commonCurrency, withoutMoney } from './currency.ts'
import { metricsOf, NO_SUMS } from './metrics.ts'

test('stores of one currency have it in common, of several they have none', () => {
  expect(commonCurrency(['CHF', 'CHF'])).toBe('CHF')
  expect(commonCurrency(['CHF', 'EUR', 'CHF'])).toBeNull()
  expect(commonCurrency(['CHF', null])).toBeNull()
  expect(commonCurrency([])).toBeNull()
})

test('without money all else is as it was', () => {
  const values = metricsOf({ ...NO_SUMS, identified: 4, spend: 900, sales: 3 })
  expect(values.spend_per_visit).toBe(300)
  expect(withoutMoney(values)).toEqual({
    ...values,
    spend_per_visit: null,
    spend_per_identified: null,
  })
})
