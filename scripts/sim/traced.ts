import type { RangeOptions } from './range.ts'
import type { Done, Task } from './tasks.ts'
import { playAll } from './workers.ts'

/** Plays one seed and prints its story; of a failing seed the shortest that still fails. */
export async function playTraced(
  seed: number,
  { engine, off, steps }: RangeOptions,
  postgresUrl: string,
): Promise<boolean> {
  const task: Task = { seed, steps, engine, off, isTraced: true }
  const found: Done[] = []
  await playAll([task], { jobs: 1, postgresUrl, onDone: (_task, done) => found.push(done) })
  const [done] = found
  if (!done) return false
  console.log(done.lines.join('\n'))
  console.log(`\nseed ${seed}: ${done.steps} steps, trace ${done.trace}, state ${done.state}`)
  for (const violation of done.violations) console.log(`  ${violation}`)
  return done.violations.length === 0
}
