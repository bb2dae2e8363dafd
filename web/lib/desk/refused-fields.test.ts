import { expect, test } from 'vitest'
import { fieldsOf } from './refused-fields.ts'

test('each field shows what stands there beside what was meant, and ids stay out of sight', () => {
  const after = {
    phone: '+8613800138000',
    home_store_id: 'x',
    attributes: { size: 'M' },
    note: null,
  }
  expect(fieldsOf({ after, before: { phone: '+8613900139000', note: '旧' } })).toEqual([
    { field: 'phone', before: '+8613900139000', after: '+8613800138000' },
    { field: 'attributes', before: '', after: '{"size":"M"}' },
    { field: 'note', before: '旧', after: '' },
  ])
  expect(fieldsOf({ after: {}, before: null })).toEqual([])
})
