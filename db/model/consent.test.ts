// What is at stake: a customer's "no". Words arrive in any order from several tablets, and every
// device must end at the same word, which never loosens by accident of arrival.
import fc from 'fast-check'
import * as v from 'valibot'
import { expect, test } from 'vitest'
import { type Consent, CONSENT_STATES, ConsentSet, mergeConsent } from './consent.ts'

const HOME = '00000000-0000-7000-8000-000000000001'

/** Few times and proofs, so that ties and contradictions are frequent; every op has its own id. */
const words: fc.Arbitrary<Consent[]> = fc
  .array(
    fc.record({
      state: fc.constantFrom(...CONSENT_STATES),
      at: fc.integer({ min: 1, max: 4 }),
      hasProof: fc.boolean(),
    }),
    { minLength: 1, maxLength: 6 },
  )
  .map((said) =>
    said.map(({ state, at, hasProof }, index) => ({
      purpose: 'marketing',
      channel: 'sms',
      state,
      at,
      op: `op-${index}`,
      ...(hasProof ? { proof: 'signed form' } : {}),
    })),
  )

function merged(said: readonly Consent[]): Consent | undefined {
  return said.reduce<Consent | undefined>(mergeConsent, undefined)
}

function word(state: Consent['state'], at: number, proof?: string): Consent {
  const said = { purpose: 'marketing', channel: 'any', state, at, op: `op-${at}` } as const
  return proof === undefined ? said : { ...said, proof }
}

test('any order of any words ends at the same word', () => {
  const shuffled = words.chain((said) =>
    fc.tuple(fc.constant(said), fc.shuffledSubarray(said, { minLength: said.length })),
  )
  fc.assert(
    fc.property(shuffled, ([said, other]) => {
      expect(merged(other)).toEqual(merged(said))
    }),
    { numRuns: 500 },
  )
})

test('words heard twice, or merged in groups first, change nothing', () => {
  fc.assert(
    fc.property(words, words, (some, more) => {
      const [first, second] = [merged(some), merged(more)]
      const joined = second === undefined ? first : mergeConsent(first, second)
      expect(joined?.state).toBe(merged([...some, ...more])?.state)
      expect(merged([...some, ...some])).toEqual(first)
    }),
  )
})

test('once refused or withdrawn, only a later grant with proof opens again', () => {
  fc.assert(
    fc.property(words, (said) => {
      const closings = said.filter((one) => one.state !== 'granted')
      const lastClosing = Math.max(...closings.map((one) => one.at))
      const found = merged(said)
      if (closings.length === 0 || found?.state !== 'granted') return
      expect(found.proof).toBeDefined()
      expect(found.at).toBeGreaterThanOrEqual(lastClosing)
    }),
    { numRuns: 500 },
  )
})

test.each([
  ['a bare grant never opens a refusal', word('refused', 1), word('granted', 2), 'refused'],
  ['a later grant with proof does', word('refused', 1), word('granted', 2, 'form'), 'granted'],
  ['an earlier one does not', word('refused', 2), word('granted', 1, 'form'), 'refused'],
  ['a late-arriving refusal beats a bare grant', word('granted', 9), word('refused', 1), 'refused'],
  [
    'a withdrawal ends a proven grant',
    word('granted', 1, 'form'),
    word('withdrawn', 2),
    'withdrawn',
  ],
])('%s', (_name, known, said, state) => {
  expect(mergeConsent(known, said).state).toBe(state)
})

test('the first word stands, even a grant without proof', () => {
  expect(mergeConsent(undefined, word('granted', 1)).state).toBe('granted')
})

test('what a customer said has a purpose, a channel and a home, and a short proof', () => {
  const said = { purpose: 'marketing', channel: 'sms', state: 'granted', home_store_id: HOME }
  expect(v.is(ConsentSet, said)).toBe(true)
  expect(v.is(ConsentSet, { ...said, channel: 'pigeon' })).toBe(false)
  expect(v.is(ConsentSet, { ...said, proof: 'x'.repeat(201) })).toBe(false)
  expect(v.is(ConsentSet, { ...said, home_store_id: 'chain' })).toBe(false)
})
