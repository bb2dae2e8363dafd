// What is at stake: a page that says "90 days" of figures that are counted by another window.
import { expect, test } from 'vitest'
import { DEFINITION_IDS, DEFINITIONS } from '#model/definitions.ts'
import { withActivityDays } from './activity-window.svelte.ts'
import { definitionNote } from './definitions.ts'
import { restatedCell, restatedWords } from './restated.ts'
import { messagesIn } from './words.ts'

const LANGUAGES = ['zh', 'en'] as const

test('every definition that looks back over the activity window says the one in force', () => {
  const ids = DEFINITION_IDS.filter((id) => DEFINITIONS[id].window_days === 'activity')
  expect(ids).toEqual(expect.arrayContaining(['active', 'lost', 'reactivated', 'retained_rate']))
  for (const language of LANGUAGES)
    for (const id of ids) {
      expect(definitionNote(id, messagesIn(language, 47)), id).toMatch(/\b47\b/)
      expect(definitionNote(id, messagesIn(language, 47)), id).not.toMatch(/\b90(th)?\b|ninet/)
      expect(definitionNote(id, messagesIn(language)), id).toMatch(/\b90\b/)
    }
})

test('no word of the desk keeps its place for the days', () => {
  for (const language of LANGUAGES)
    expect(JSON.stringify(messagesIn(language, 47))).not.toContain('{activity}')
})

test('days are put into words however deep, and what is no text stays as it is', () => {
  const say = (name: string) => `Dear ${name}`
  const words = { a: '{activity} or {activity}', b: [{ c: 'in {activity} days' }], n: 3, say }
  expect(withActivityDays(words, 47)).toEqual({
    ...{ a: '47 or 47', b: [{ c: 'in 47 days' }], n: 3, say },
  })
})

test('a restatement says what changed: the definitions, the window, or both', () => {
  const row = { at: 0, day: 20_000, figures: 1, stores: 1, from_version: 5, to_version: 6 }
  const none = { from_activity_days: null, to_activity_days: null }
  const window = { from_activity_days: 90, to_activity_days: 120 }
  const en = messagesIn('en')
  expect(restatedWords({ ...row, ...none }, en)).toBe('version 5 → 6')
  expect(restatedWords({ ...row, ...window, from_version: 6 }, en)).toBe(
    'activity window 90 → 120 days',
  )
  expect(restatedCell({ ...row, ...window }, en)).toBe(
    '2024-10-04 version 5 → 6, activity window 90 → 120 days',
  )
})
