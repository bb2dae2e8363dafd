// The shortest story that a failing seed can still tell: steps are left out, many at a time and
// then one by one, as long as the same invariant fails.
import type { Harness, Wanted } from './harness.ts'
import type { RunResult } from './run.ts'

const PLAYS_MAX = 160

/** What failed, without the ids and numbers that change when steps are left out. */
export function kindOf(violation: string): string {
  return (
    /^(I\d+|tx|clock|version|merge|rebuild|server answered|the run threw|t\d+ threw)/.exec(
      violation,
    )?.[0] ?? violation
  )
}

function family(result: RunResult): string {
  return kindOf(result.violations[0] ?? '').replace(/^t\d+/, 't')
}

/** Plays with ever fewer steps; gives the last play that still fails in the same way. */
export async function shrink(harness: Harness, wanted: Wanted, failed: RunResult) {
  let steps = Array.from({ length: failed.steps }, (_, no) => no)
  let best = failed
  let plays = 0
  const fails = async (only: readonly number[]): Promise<boolean> => {
    if (plays >= PLAYS_MAX) return false
    plays += 1
    const result = await harness.play({ ...wanted, only, keepsLines: true })
    if (family(result) !== family(failed)) return false
    best = result
    return true
  }
  for (let size = Math.ceil(steps.length / 2); size >= 1; size = size > 1 ? Math.ceil(size / 2) : 0)
    for (let at = steps.length - size; at > -size; at -= size) {
      const without = [...steps.slice(0, Math.max(0, at)), ...steps.slice(at + size)]
      if (without.length < steps.length && (await fails(without))) steps = without
    }
  return { steps, result: best, plays }
}
