// `npm run load`: thousands of tablets come back within a minute, to a server on SQLite.
// `-- --devices 5000 --within 60 --stores 2500 --seed S`; times are for this machine only.
import { parseArgs } from 'node:util'
import { printOutcome } from './faults/outcome.ts'
import { runHerd } from './load/herd.ts'

const TEXT = { type: 'string' } as const
const { values } = parseArgs({
  options: { devices: TEXT, within: TEXT, stores: TEXT, seed: TEXT },
})
const [devices, within] = [Number(values.devices ?? 5000), Number(values.within ?? 60)]
const stores = Number(values.stores ?? Math.ceil(devices / 2))
if (![devices, within, stores].every((value) => Number.isInteger(value) && value > 0)) {
  console.error('usage: npm run load -- [--devices 5000] [--within SECONDS] [--stores N]')
  process.exit(2)
}
const say = (line: string) => console.log(line)
const seed = values.seed ?? String(Date.now())
const outcome = await runHerd({ devices, stores, withinMs: within * 1000, seed, say })
printOutcome(outcome, say)
process.exit(outcome.ok ? 0 : 1)
