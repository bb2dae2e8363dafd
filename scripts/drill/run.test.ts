// What is at stake: after a restore the server lacks hours of work that is still on the tablets.
// The peers whose failures we know of never got it back.
import { expect, test } from 'vitest'
import { isPassed, runRestoreDrill } from './run.ts'

test('five drills: what the backup lacks comes back from the tablets, once', async () => {
  let missing = 0
  for (const seed of [1, 2, 3, 4, 5]) {
    const drill = await runRestoreDrill(seed)
    expect(drill, `seed ${seed}`).toSatisfy(isPassed)
    missing += drill.missing
  }
  expect(missing).toBeGreaterThan(20)
}, 60_000)
