// A name that fits everything says nothing.
import { expect, test } from 'vitest'
import { checkNames } from './names.ts'

const problems = (path: string) => checkNames([{ path, text: '' }])

test.each([
  'db/model/search-text.ts',
  'web/lib/session.svelte.ts',
  'web/lib/ui/DataTable.svelte',
  'web/routes/(clerk)/customers/[id]/+page.svelte',
  'web/lib/i18n/en/common.ts',
  'vite.config.ts',
])('%s is well named', (path) => {
  expect(problems(path)).toEqual([])
})

test.each([
  'api/utils.ts',
  'web/lib/helpers.ts',
  'db/model/common.ts',
  'db/model/searchText.ts',
  'web/lib/ui/data-table.svelte',
])('%s is not', (path) => {
  expect(problems(path)).toHaveLength(1)
})
