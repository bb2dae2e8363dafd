import { expect, test } from 'vitest'
import { supportsNode } from './node-version.ts'

test('a Node on which the SQLite driver would end the process is never used', () => {
  const old = ['18.20.0', '20.20.2', '22.18.0', '23.11.0']
  expect(old.filter(supportsNode)).toEqual([])
  const fine = ['22.19.0', '22.30.1', '24.0.0', '24.21.0', '26.1.0']
  expect(fine.filter((version) => !supportsNode(version))).toEqual([])
})
