// `npm run bench`: figures as ratios to a floor measured in the same run, never a timed test.
// `-- push lookup report` runs only those named.
import { benchLookup } from './bench/lookup.ts'
import { printFigures } from './bench/measure.ts'
import { benchPush } from './bench/push.ts'
import { benchReport } from './bench/report.ts'

const BENCHES = {
  push: benchPush,
  lookup: benchLookup,
  report: benchReport,
} as const satisfies Record<string, (now: number) => unknown>

const wanted = process.argv.slice(2).filter((word) => !word.startsWith('-'))
const unknown = wanted.filter((word) => !Object.hasOwn(BENCHES, word))
if (unknown.length > 0) {
  console.error(
    `No such bench: ${unknown.join(', ')}. There are: ${Object.keys(BENCHES).join(', ')}`,
  )
  process.exit(1)
}
for (const [name, bench] of Object.entries(BENCHES))
  if (wanted.length === 0 || wanted.includes(name)) printFigures(await bench(Date.now()))
