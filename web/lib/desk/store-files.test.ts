import { parse } from 'csv-parse/sync'
import { expect, test } from 'vitest'
import { staffCsv, tagsCsv } from './store-files.ts'
import { messagesIn } from './words.ts'

// The file must hold what was seen, name its store and time in every row, and run no formula.

const file = { store: '=人民路', asOf: Date.UTC(2026, 9, 31, 4) }
const asOf = '2026-10-31T04:00:00.000Z'

function read(text: string): Record<string, string>[] {
  return parse(text, { bom: true, columns: true })
}

test('staff stand with what they recorded, the nameless by a word', () => {
  const person = { staff_id: 'p1', name: '@Li', days: 3, visits: 40, tallied: 0, enrolled: 2 }
  const staff = [person, { ...person, staff_id: 'p2', name: '' }]
  const rows = read(staffCsv({ period: '2026-10', staff }, file, messagesIn('en')))
  expect(rows[0]).toEqual({
    ...{ Store: "'=人民路", Period: '2026-10', Person: "'@Li", 'Data as of': asOf },
    ...{ 'Days with a record': '3', 'Customers’ visits': '40' },
    ...{ 'People without a name': '0', 'Customers added': '2' },
  })
  expect(rows[1]?.['Person']).toBe('Unknown person')
})

test('tags stand with their group and what they are a share of', () => {
  const tag = (id: string, customers: number) => ({ id, label: id, label_en: null, customers })
  const group = { id: 'g', label: '来意', label_en: 'Purpose', customers: 3 }
  const empty = { ...group, id: 'h', customers: 0, tags: [] }
  const many = Array.from({ length: 9 }, (_, at) => tag(`t${at}`, 1))
  const mix = { customers: 8, groups: [{ ...group, tags: [tag('送礼', 2), ...many] }, empty] }
  const rows = read(tagsCsv(mix, file, messagesIn('en'), 'en'))
  expect(rows).toHaveLength(10) // The screen has room for eight.
  expect(rows[0]).toEqual({
    ...{ Store: "'=人民路", 'Tag group': 'Purpose', Tag: '送礼', 'Data as of': asOf },
    ...{ 'Customers with the tag': '2', 'Share of the group (0–1)': '0.6667' },
    ...{ 'Customers with any tag of the group': '3', 'Customers at home in the store': '8' },
  })
  expect(read(tagsCsv(mix, { ...file, asOf: null }, messagesIn('en'), 'en'))[0]).toMatchObject({
    'Data as of': '',
  })
})
