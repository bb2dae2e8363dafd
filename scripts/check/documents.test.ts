// Documents that cite what is gone are worse than none. Only what looks like a path is held to be
// one, so a wrong name in plain prose still goes unseen.
import { expect, test } from 'vitest'
import { checkDocuments } from './documents.ts'

const SYNC = { path: 'api/sync.ts', text: '' }
const readme = (text: string) => ({ path: 'api/README.md', text })
/** Findings about a README of api/ with this text, beside one file of code. */
function inReadme(text: string): string[] {
  return checkDocuments([SYNC, readme(text)]).map(({ line, message }) => `${line} ${message}`)
}

test('a folder of ours with code has a README', () => {
  expect(checkDocuments([SYNC])).toEqual([
    expect.objectContaining({ path: 'api/README.md', message: expect.stringMatching(/^missing/) }),
  ])
  expect(checkDocuments([SYNC, readme('')])).toEqual([])
  expect(checkDocuments([{ path: 'api/fixtures/a.csv', text: '' }])).toEqual([])
})

test('a cited path must be there', () => {
  expect(
    inReadme('`api/sync.ts`, `api/`, `sync.ts`, [it](sync.ts#push), `api/sync.ts:12`'),
  ).toEqual([])
  expect(inReadme('one\n`api/gone.ts`')).toEqual([
    expect.stringMatching(/^2 api\/gone\.ts: no such/),
  ])
  expect(inReadme('`gone.ts`')).toHaveLength(1)
  expect(inReadme('[it](gone.md)')).toHaveLength(1)
})

test('commands, routes, patterns, addresses and fenced blocks are no paths', () => {
  const text = [
    '`npm run demo`, `/api/health`, `web/**/*.ts`, `#model/*`, `a/b`, `.data.ts`, [x](https://example.org)',
    '```',
    '`api/gone.ts`',
    '```',
  ]
  expect(inReadme(text.join('\n'))).toEqual([])
})

test('a document at the top cites from the top', () => {
  const top = { path: 'README.md', text: '`api/sync.ts` and [it](api/sync.ts)' }
  expect(checkDocuments([SYNC, readme(''), top])).toEqual([])
})
