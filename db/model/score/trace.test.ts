import { expect, test } from 'vitest'
import { must } from '../assert.ts'
import { seededRandom } from '../stats/random.ts'
import { defaultWeights } from './components.ts'
import { scoreStores } from './score.ts'
import { traceOf, TRACE_COLUMNS } from './trace.ts'

// Golden: the vector of the definitions page, seen from the chain as the group has five stores.
const GOLDEN = [
  { x: 4, n: 10 },
  { x: 300, n: 1000 },
  { x: 55, n: 200 },
  { x: 520, n: 1200 },
  { x: 9, n: 12 },
]

test('the lines of a store can be followed with a pocket calculator', () => {
  const stores = GOLDEN.map((retained_rate, index) => {
    return { id: `s${index}`, peer_group: 'mall', stale: null, facts: { retained_rate } }
  })
  const recorded = new Set(['retained_rate'] as const)
  const options = { weights: defaultWeights(), recorded, random: seededRandom(1) }
  const run = scoreStores(stores, options)
  const lines = new Map(run.stores.map((store) => [store.id, must(traceOf(store)[0], 'a line')]))
  // Median 0.3761; deviations 0, 0.0744, 0.0908, 0.0559, 0.1139; MAD 0.0744, times 1.4826 0.1104.
  expect(lines.get('s3')).toEqual({
    component: 'retained_rate',
    raw: '520/1200',
    theta: '0.4320',
    z: '0.51',
    s: '58.4',
    w: '100.0',
    points: '58.44',
  })
  expect(lines.get('s0')).toMatchObject({ raw: '4/10', theta: '0.3761', z: '0.00', s: '50.0' })
  // The tiny store with 9 of 12 is drawn in from 0.75, and is no longer beyond all doubt.
  expect(lines.get('s4')).toMatchObject({ raw: '9/12', theta: '0.4899', z: '1.03' })
  expect(Object.keys(must(lines.get('s1'), 's1'))).toEqual([...TRACE_COLUMNS])
})
