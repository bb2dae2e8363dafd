// `npm run bench`: figures as ratios to a floor measured in the same run, never a timed test.
// `-- push lookup report` runs only those named; `-- peers` runs our client and server beside
// PouchDB and RxDB, which takes long and fetches them on first use, and is never run unasked.
import { benchLookup } from './bench/lookup.ts'
import { printFigures } from './bench/measure.ts'
import { benchPeers } from './bench/peers.ts'
import { benchPush } from './bench/push.ts'
import { benchReport } from './bench/report.ts'
import { benchScale } from './bench/scale.ts'

const BENCHES = {
  push: benchPush,
  lookup: benchLookup,
  report: benchReport,
} as const satisfies Record<string, (now: number) => unknown>

const [first, ...rest] = process.argv.slice(2)
if (first === 'peers') process.exit(await benchPeers(rest, Date.now()))
if (first === 'scale') {
  await benchScale(rest)
  process.exit(0)
}

const wanted = process.argv.slice(2).filter((word) => !word.startsWith('-'))
const unknown = wanted.filter((word) => !Object.hasOwn(BENCHES, word))
if (unknown.length > 0) {
  console.error(
    `No such bench: ${unknown.join(', ')}. There are: ${Object.keys(BENCHES).join(', ')}, peers, scale`,
  )
  process.exit(1)
}
for (const [name, bench] of Object.entries(BENCHES))
  if (wanted.length === 0 || wanted.includes(name)) printFigures(await bench(Date.now()))
