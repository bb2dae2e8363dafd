// The arrows are what keeps a reader's way short. Each rule is shown a planted fault, since a check
// that finds nothing looks the same as a tree without faults.
import { expect, test } from 'vitest'
import { checkImports } from './imports.ts'

/** Findings of one file that imports the others, as `line message`. */
function problems(path: string, text: string): string[] {
  return checkImports([{ path, text }]).map(({ line, message }) => `${line} ${message}`)
}

test.each([
  ['db/sql/append.ts', '#model/visit.ts'],
  ['api/sync.ts', '#sql/ledger.ts'],
  ['web/lib/sync/engine.ts', '#web/local/write.ts'],
  ['web/lib/ui/Button.svelte.ts', '#web/i18n/index.ts'],
  ['web/lib/charts/scale.ts', '#web/ui/chart-scale.ts'],
  ['web/lib/desk/client.ts', '#web/charts/csv.ts'],
  ['web/lib/desk/client.ts', '#web/session.ts'],
  ['web/routes/+layout.ts', '#web/desk/client.ts'],
  ['scripts/rebuild.ts', '#sql/ledger.ts'],
  ['web/e2e/offline.spec.ts', '../../scripts/browser.ts'],
  ['vite.config.ts', './scripts/build.ts'],
])('%s may import %s', (path, specifier) => {
  expect(problems(path, `import { a } from '${specifier}'`)).toEqual([])
})

test.each([
  ['db/model/visit.ts', '#sql/tables.ts'],
  ['db/sql/append.ts', '#api/app.ts'],
  ['api/sync.ts', '#web/sync/engine.ts'],
  ['web/lib/sync/engine.ts', '#api/app.ts'],
  ['web/lib/local/write.ts', '#web/sync/engine.ts'],
  ['web/lib/local/write.ts', '../desk/client.ts'],
  ['web/lib/ui/Chip.svelte.ts', '#model/tag.ts'],
  ['web/lib/ui/Chip.svelte.ts', '#web/charts/scale.ts'],
  ['web/lib/charts/scale.ts', '#model/metrics.ts'],
  ['web/lib/charts/scale.ts', '#web/desk/figures.ts'],
  ['web/lib/charts/scale.ts', '#web/i18n/format.ts'],
  ['web/lib/session.ts', '../routes/+layout.ts'],
  ['web/routes/+layout.ts', '#sql/ledger.ts'],
  ['api/main.ts', '../scripts/demo.ts'],
  ['web/routes/+layout.ts', '../e2e/tablet.ts'],
])('%s may not import %s', (path, specifier) => {
  const found = problems(path, `\nimport type { A } from '${specifier}'`)
  expect(found).toEqual([expect.stringMatching(/^2 .* may not import .*; move what both need/)])
})

test('imports are seen in components, re-exports, calls and types', () => {
  const component =
    '<script lang="ts">\n  import { a } from \'#sql/a.ts\'\n</script>\n<p>import</p>'
  expect(problems('web/routes/+page.svelte', component)).toEqual([
    expect.stringMatching(/^2 #sql\/a\.ts: /),
  ])
  const forms = [
    "export { a } from '#sql/a.ts'",
    "const a = await import('#sql/a.ts')",
    "let a: import('#sql/a.ts').A",
  ]
  for (const form of forms) expect(problems('db/model/visit.ts', form)).toHaveLength(1)
})

test('the model imports no package but the schema library, its tests any', () => {
  expect(problems('db/model/visit.ts', "import * as v from 'valibot'")).toEqual([])
  expect(problems('db/model/visit.ts', "import { hash } from 'node:crypto'")).toHaveLength(1)
  expect(problems('db/model/visit.test.ts', "import { test } from 'vitest'")).toEqual([])
})

test('pages take no package of the server, and the server none of the pages', () => {
  expect(problems('web/lib/local/read.ts', "import { readFile } from 'node:fs'")).toHaveLength(1)
  expect(problems('web/routes/+layout.ts', "import pg from 'pg'")).toHaveLength(1)
  expect(problems('api/app.ts', "import { Dexie } from 'dexie'")).toHaveLength(1)
  expect(problems('api/app.ts', "import { Hono } from 'hono'")).toEqual([])
})

test('a circle of files is told once, with its way', () => {
  const findings = checkImports([
    { path: 'db/model/a.ts', text: "import { b } from './b.ts'\nimport { c } from './c.ts'" },
    { path: 'db/model/b.ts', text: '' },
    { path: 'db/model/c.ts', text: "import { d } from '#model/d.ts'" },
    { path: 'db/model/d.ts', text: "import type { A } from './a.ts'" },
  ])
  expect(findings).toHaveLength(1)
  expect(findings[0]).toMatchObject({
    path: 'db/model/a.ts',
    line: 2,
    message: expect.stringContaining('a.ts -> db/model/c.ts -> db/model/d.ts -> db/model/a.ts'),
  })
})
