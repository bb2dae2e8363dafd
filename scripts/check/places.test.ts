// A path of one machine works until the project is cloned. The paths are put together here, since
// this file is checked too.
import { expect, test } from 'vitest'
import { checkPlaces } from './places.ts'

const machine = (...parts: string[]) => ['', ...parts].join('/')

test.each([machine('root', 'a.db'), machine('home', 'ann', 'a'), machine('Users', 'ann', 'a')])(
  'a path such as %s is told with its line',
  (path) => {
    expect(checkPlaces([{ path: 'README.md', text: `one\nsee ${path}` }])).toEqual([
      expect.objectContaining({ path: 'README.md', line: 2 }),
    ])
  },
)

test('routes, fragments and relative paths are left alone', () => {
  const text = "fetch('/api/work/1'); '../shared/data'; `${base}/home/ann/a`; 'web/root/a'"
  expect(checkPlaces([{ path: 'api/a.ts', text }])).toEqual([])
})

test('a download address in the lockfile is told', () => {
  const text = '"resolved": "https://registry.example.org/a.tgz"'
  expect(checkPlaces([{ path: 'package-lock.json', text }])).toHaveLength(1)
})
