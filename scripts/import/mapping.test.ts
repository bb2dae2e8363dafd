// A mapping is written by hand: every mistake in it must be named, all at once, with its place.
import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ImportError } from './import-error.ts'
import { parseMapping, readMapping } from './mapping.ts'

const MAPPINGS = fileURLToPath(new URL('../mappings', import.meta.url))
const customers = { files: ['a.csv'], columns: { name: 'n' } }

function faultsOf(value: unknown): string {
  try {
    parseMapping(value, 'mapping')
    return ''
  } catch (error) {
    if (error instanceof ImportError) return error.message
    throw error
  }
}

test.each(readdirSync(MAPPINGS))('%s is a mapping', (name) => {
  expect(readMapping(join(MAPPINGS, name)).source).toMatch(/^[a-z0-9-]+$/)
})

test('a mapping of one table is enough', () => {
  expect(faultsOf({ source: 'till', customers })).toBe('')
})

test('all mistakes are named with their places', () => {
  const faults = faultsOf({
    source: 'My Till',
    chain: { name: 'X', zone: 'Mars/Base', currency: 'USD', country: 'US' },
    customers: { ...customers, colums: {} },
    visits: { files: [], columns: { store: 's', at: 'd' }, dates: { at: 'whenever' } },
  })
  for (const place of [
    'source:',
    'chain.zone:',
    'customers.colums:',
    'visits.files:',
    'visits.dates.at:',
  ])
    expect(faults).toContain(place)
})

test('needed fields and formats of dates are asked for', () => {
  const visits = { files: ['v.csv'], columns: { store: 's', at: 'd' } }
  expect(faultsOf({ source: 'till', visits })).toContain('visits.dates.at')
  const nameless = { files: ['c.csv'], columns: { phone: 'p' } }
  expect(faultsOf({ source: 'till', customers: nameless })).toContain('customers.columns.name')
})

test('a file that is missing or no JSON is said in words', () => {
  expect(() => readMapping(join(MAPPINGS, 'absent.json'))).toThrow('there is no such mapping file')
  expect(() => readMapping(fileURLToPath(import.meta.url))).toThrow('is not JSON')
})
