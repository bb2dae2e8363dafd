import { expect, test } from 'vitest'
import { deskSync } from '../i18n/en/desk-sync.ts'
import { eventWords } from './event-words.ts'

const said = (detail: Record<string, string | number | boolean | null>) =>
  eventWords({ detail }, deskSync, 'UTC', 'en')

test('what is known of an event is told with units and in words, and nothing of what is not', () => {
  expect(said({ ops: 1, reason: 'not-assigned' })).toBe(
    `records: 1 · reason: ${deskSync.reasons['not-assigned']}`,
  )
  expect(said({ silent_ms: 120_000, cause: null })).toBe('silent for: 2 min')
  expect(said({ persisted: true, usage_bytes: 6_400_000 })).toBe(
    'promised to keep: Yes · used: 6.4 MB',
  )
  expect(said({ flavour: 'new' })).toBe('flavour: new')
})
