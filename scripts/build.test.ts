// A build that is skipped wrongly would serve yesterday's pages, and tablets would keep them.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { hashSources } from './build.ts'

let folder = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'regulars-build-'))
  mkdirSync(join(folder, 'routes'))
  writeFileSync(join(folder, 'routes', 'page.svelte'), '<h1>one</h1>')
})
afterEach(() => rmSync(folder, { recursive: true }))

test('the hash stays while sources stay, and follows content, names and new files', () => {
  const first = hashSources([folder])
  expect(hashSources([folder])).toBe(first)
  writeFileSync(join(folder, 'routes', 'page.svelte'), '<h1>two</h1>')
  const second = hashSources([folder])
  writeFileSync(join(folder, 'new.ts'), '')
  expect(new Set([first, second, hashSources([folder])]).size).toBe(3)
})

test('a test or a README changes no page', () => {
  const before = hashSources([folder])
  writeFileSync(join(folder, 'page.test.ts'), 'test')
  writeFileSync(join(folder, 'README.md'), '# words')
  expect(hashSources([folder])).toBe(before)
})
