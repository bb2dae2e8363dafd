import { expect, test } from 'vitest'
import type { Visit } from '#model/visit.ts'
import { changedDetails, draftOf, readVisitDraft } from './visit-draft.ts'

const visit: Visit = {
  id: 'v',
  store_id: 's',
  customer_id: 'c',
  home_store_id: 's',
  count: 1,
  purpose: 'buy',
  need: '送礼的茶',
  spend_minor: 12_850,
  items: 2,
  note: null,
  receipt: null,
  at: 0,
  day: 0,
  actor_id: 'li',
  void: false,
}

test('what was not touched is not written again', () => {
  expect(changedDetails(draftOf(visit, 'CNY'), visit, 'CNY')).toEqual({})
})

test('only the changed details are written, and clearing is a change', () => {
  const draft = { ...draftOf(visit, 'CNY'), spend: '130', need: ' ', note: '周末来取' }
  expect(changedDetails(draft, visit, 'CNY')).toEqual({
    spend_minor: 13_000,
    need: null,
    note: '周末来取',
  })
})

test('an amount that is none keeps the whole strip from being saved', () => {
  expect(changedDetails({ ...draftOf(visit, 'CNY'), spend: 'x' }, visit, 'CNY')).toBeNull()
  expect(changedDetails({ ...draftOf(visit, 'CNY'), items: '1.5' }, visit, 'CNY')).toBeNull()
})

test('a draft comes back as it was, and one of another version is not trusted', () => {
  const draft = draftOf(visit, 'CNY')
  expect(readVisitDraft(structuredClone(draft))).toEqual(draft)
  expect(readVisitDraft({ spend: 3 })).toBeNull()
})
