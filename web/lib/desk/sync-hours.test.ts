import { expect, test } from 'vitest'
import { hoursRows, toneOf } from './sync-hours.ts'

// No data must never look like a good hour: it has a tone of its own.

const hour = (lag_p95_ms: number | null, ops = 1) => ({
  contacts: 1,
  ops,
  refused: 0,
  unsent_max: 0,
  lag_p95_ms,
})

test('an hour without contact, one without records, and five steps of lag are all told apart', () => {
  const hours = [
    null,
    hour(null, 0),
    hour(60_000),
    hour(60_001),
    hour(3_600_000),
    hour(1.4e7),
    hour(9e7),
  ]
  expect(hours.map(toneOf)).toEqual(['none', 'contact', 0, 1, 2, 3, 4])
})

test('the store that was heard least stands on top, and names are found in both languages', () => {
  const store = (store_id: string, name: string, hours: (ReturnType<typeof hour> | null)[]) => ({
    store_id,
    store_name: name,
    store_name_en: `${store_id} road`,
    zone: 'UTC',
    hours,
  })
  const report = {
    from: 0,
    to: 3,
    rows: [
      store('a', '人民路', [hour(5), hour(6), null]),
      store('b', '中山路', [null, null, hour(7_000)]),
      store('c', '解放路', [hour(5), hour(90_000), null]),
    ],
  }
  expect(hoursRows(report, '').map((row) => row.store_id)).toEqual(['b', 'c', 'a'])
  expect(hoursRows(report, 'B Road')).toMatchObject([{ silent: 2, worst: 7_000, ops: 1 }])
})
