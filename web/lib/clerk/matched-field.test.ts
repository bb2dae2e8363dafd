import { expect, test } from 'vitest'
import { matchedField } from './matched-field.ts'

const entry = { phone: '+8613812345678', phone_alt: '+862166668888', card: 'QH00102688' }

test('a row that shows the tail that was typed needs no reason', () => {
  expect(matchedField(entry, '5678')).toBeNull()
})

test('an answer by the card or the second phone says so', () => {
  expect(matchedField(entry, '2688')).toEqual({ field: 'card', value: 'QH00102688' })
  expect(matchedField(entry, 'qh001')).toEqual({ field: 'card', value: 'QH00102688' })
  expect(matchedField(entry, '8888')).toEqual({ field: 'phone_alt', value: '+862166668888' })
})

test('a name needs no reason, and neither does too short a query', () => {
  expect(matchedField(entry, 'wang')).toBeNull()
  expect(matchedField(entry, '8')).toBeNull()
})
