import { expect, test } from 'vitest'
import { readPhone } from './phone.ts'

test.each([
  ['160 1234 5678', 'CN', '+8616012345678'],
  ['００86 16012345678', 'US', '+8616012345678'],
  ['271-555-9715', 'US', '+12715559715'],
  ['(604) 555-0131', 'CA', '+16045550131'],
  ['271-555-9715', 'MX', '+522715559715'],
  ['+31612345678', 'US', '+31612345678'],
  ['12345', 'ZZ', '12345'],
])('%s in %s is %s', (text, country, e164) => {
  expect(readPhone(text, country)).toBe(e164)
})

test.each([
  ['12', 'US'],
  ['no phone', 'CN'],
  ['123456789012345678', 'CN'],
  ['+999123', 'CN'],
])('%s in %s cannot be dialled', (text, country) => {
  expect(readPhone(text, country)).toBeNull()
})
