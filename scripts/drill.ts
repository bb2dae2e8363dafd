// `node scripts/drill.ts --seeds 50`: restore drills. Ends with 1 when one of them fails.
import { parseArgs } from 'node:util'
import { type Drill, isPassed, runRestoreDrill } from './drill/run.ts'

const { values } = parseArgs({
  options: {
    first: { type: 'string', default: '1' },
    seeds: { type: 'string', default: '50' },
  },
})

function describe({ seed, held, missing, recovered, doubled, differences, broken }: Drill): string {
  return (
    `seed ${seed}: ${held} ops held, ${missing} of them lost by the restore, ` +
    `${recovered} there again; ${doubled} doubled, ${differences} figures off, ${broken} breaks`
  )
}

const [first, seeds] = [Number(values.first), Number(values.seeds)]
const sum = { held: 0, missing: 0, recovered: 0 }
let failed = 0
for (let seed = first; seed < first + seeds; seed += 1) {
  const drill = await runRestoreDrill(seed)
  if (!isPassed(drill)) console.log(`FAILED ${describe(drill)}`)
  failed += isPassed(drill) ? 0 : 1
  sum.held += drill.held
  sum.missing += drill.missing
  sum.recovered += drill.recovered
}
console.log(
  `${seeds} drills, ${failed} failed: ${sum.recovered} of ${sum.held} ops held by tablets are ` +
    `on the server, ${sum.missing} of them had been lost by the restore`,
)
process.exitCode = failed === 0 ? 0 : 1
