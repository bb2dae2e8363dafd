// Each rule of the protocol taken away in turn: seeds must fail, or nothing proves the rule.
import { keep, type KeptDone, readKept } from './kept.ts'
import { kindsOf, type RangeOptions } from './range.ts'
import { RULES } from './rules.ts'
import type { Done, Task } from './tasks.ts'
import { playAll } from './workers.ts'

export interface TableRow {
  rule: string
  played: KeptDone[]
}

const SEEDS_AT_ONCE = 3
const SEEDS_MAX = 60

function failing({ played }: TableRow): KeptDone[] {
  return played.filter((one) => one.violations.length > 0)
}

/** Plays the first `count` seeds without each of the rules, those that were not played before. */
async function playSeeds(
  rows: readonly TableRow[],
  count: number,
  { engine, steps, jobs, code }: RangeOptions,
  postgresUrl: string,
): Promise<void> {
  const tasks: Task[] = []
  for (const row of rows) {
    const kept = readKept({ engine, off: row.rule, steps }, code)
    for (let seed = row.played.length + 1; seed <= count; seed += 1) {
      const before = kept.get(seed)
      if (before) row.played.push(before)
      else tasks.push({ seed, steps, engine, off: row.rule, isTraced: false })
    }
  }
  const byRule = new Map(rows.map((row) => [row.rule, row]))
  const onDone = ({ off }: Task, done: Done) =>
    byRule.get(off ?? '')?.played.push(keep({ engine, off, steps }, done, code))
  await playAll(tasks, { jobs, postgresUrl, onDone })
}

/** Plays a few seeds more until one fails: common faults need few, rare ones many. */
export async function playTable(options: RangeOptions, url: string): Promise<TableRow[]> {
  const rows: TableRow[] = RULES.map(({ name }) => ({ rule: name, played: [] }))
  for (let count = SEEDS_AT_ONCE; count <= SEEDS_MAX; count *= 2) {
    const sound = rows.filter((row) => failing(row).length === 0)
    if (sound.length > 0) await playSeeds(sound, count, options, url)
  }
  return rows
}

/** Prints the table; true when every rule that was taken away made seeds fail. */
export function printTable(rows: readonly TableRow[]): boolean {
  console.log('\n| rule taken away | failing seeds | by |\n|---|---|---|')
  for (const row of rows)
    console.log(
      `| ${row.rule} | ${failing(row).length} of ${row.played.length} | ${kindsOf(failing(row))} |`,
    )
  return rows.every((row) => failing(row).length > 0)
}
