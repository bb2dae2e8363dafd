// What is at stake: a clerk who serves a person with several records sees all of their visits.
// The database must be there before anything that uses it is loaded.
import 'fake-indexeddb/auto'
import { expect, test } from 'vitest'
import { applyPage, readFeeds } from './apply-page.ts'
import { getPasts } from './past.ts'
import { getCustomer } from './read.ts'
import { customerRow, downloadParts, openTestLocal, page, visitAt } from './test-local.ts'

test('a person is shown with the visits of the parts of their parts', async () => {
  const tablet = await openTestLocal()
  const { local, store, clock } = tablet
  await downloadParts(tablet, [])
  const [first, second, third] = [customerRow(store), customerRow(store), customerRow(store)]
  const customers = [
    { ...third, parts: [second.id] },
    { ...second, parts: [first.id], merged_into: third.id },
    { ...first, merged_into: second.id },
  ]
  const visits = customers.map(({ id }, place) => visitAt(store, id, clock.now - place))
  const rows = [
    ...customers.map((body) => ({ kind: 'customer' as const, body })),
    ...visits.map((body) => ({ kind: 'visit' as const, body })),
  ].map((row, place) => ({ seq: 11 + place, id: row.body.id, state: 'put' as const, ...row }))
  const cursor = (await readFeeds(local.db))[store]?.cursor ?? 0
  expect(await applyPage(local, store, page(cursor, rows))).toBe('applied')
  const shown = await getCustomer(local, first.id)
  expect(shown).toMatchObject({ row: { id: third.id }, records: [third.id, second.id, first.id] })
  const past = await getPasts(local, shown?.records ?? [])
  expect(past.visits.map((visit) => visit.id)).toEqual(visits.map((visit) => visit.id))
  local.close()
})
