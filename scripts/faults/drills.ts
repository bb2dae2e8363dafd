// Restore drills: the server is set back to an older backup, and its tablets refill it.
import { type Drill, isPassed, runRestoreDrill } from '../drill/run.ts'
import { type Outcome, type Say, secondsSince } from './outcome.ts'

const SAY_EVERY = 10

/** Runs drills of the seeds from 1; all that a tablet still holds must be on the server again. */
export async function runDrills({ count, say }: { count: number; say: Say }): Promise<Outcome> {
  const start = performance.now()
  const drills: Drill[] = []
  for (let seed = 1; seed <= count; seed += 1) {
    drills.push(await runRestoreDrill(seed))
    if (seed % SAY_EVERY === 0) say(`  ${seed} drills`)
  }
  const sum = (pick: (drill: Drill) => number) =>
    drills.reduce((total, drill) => total + pick(drill), 0)
  const failed = drills.filter((drill) => !isPassed(drill))
  const lines = [
    `${count} restores of an older backup: ${sum((drill) => drill.missing)} ops were lost by them, ` +
      `${sum((drill) => drill.recovered)} of ${sum((drill) => drill.held)} held by tablets are there`,
    secondsSince(start),
  ]
  const problems = failed.map(({ seed }) => `the drill of seed ${seed} failed`)
  return { name: 'drills', ok: failed.length === 0, lines, problems }
}
