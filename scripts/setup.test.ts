// Setup is skipped on most runs. Skipping it wrongly would test yesterday's packages.
import { expect, test } from 'vitest'
import { inStep } from './setup.ts'

const hono = { version: '4.13.19', integrity: 'sha512-a' }
const here = { os: [process.platform], cpu: [process.arch] }
const elsewhere = { os: ['plan9'], cpu: ['mips'] }
const native = { version: '1.0.0', integrity: 'sha512-n', optional: true }

test('the same packages are in step, whatever the project itself is called', () => {
  expect(inStep({ '': { version: '1' }, hono }, { hono })).toBe(true)
})

test('a package that is missing, extra, of another version or content is not in step', () => {
  expect(inStep({ hono }, {})).toBe(false)
  expect(inStep({}, { hono })).toBe(false)
  expect(inStep({ hono }, { hono: { ...hono, version: '4.13.18' } })).toBe(false)
  expect(inStep({ hono }, { hono: { ...hono, integrity: 'sha512-b' } })).toBe(false)
})

test("another platform's optional package may be missing, this platform's may not", () => {
  expect(inStep({ native: { ...native, ...elsewhere } }, {})).toBe(true)
  expect(inStep({ native: { ...native, ...here } }, {})).toBe(false)
  expect(inStep({ native: { ...native, ...here, libc: ['musl'] } }, {})).toBe(true)
})
