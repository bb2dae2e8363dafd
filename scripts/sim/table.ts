// Each rule of the protocol taken away in turn: seeds must fail, or nothing proves the rule.
import { failing, kindsOf, playRange, type RangeOptions, type RangeResult } from './range.ts'
import { RULES } from './rules.ts'

export interface TableRow {
  rule: string
  result: RangeResult
}

const SEEDS_AT_ONCE = 6
export const SEEDS_MAX = 60

/** Plays a few seeds more until one fails: common faults need few, rare ones many. */
async function playRule(rule: string, options: RangeOptions, url: string): Promise<TableRow> {
  let result = await playRange(1, SEEDS_AT_ONCE, { ...options, off: rule }, url)
  for (
    let count = SEEDS_AT_ONCE * 2;
    failing(result).length === 0 && count <= SEEDS_MAX;
    count *= 2
  )
    result = await playRange(1, count, { ...options, off: rule }, url)
  return { rule, result }
}

export async function playTable(options: RangeOptions, url: string): Promise<TableRow[]> {
  const rows: TableRow[] = []
  for (const { name } of RULES) rows.push(await playRule(name, options, url))
  return rows
}

/** Prints the table; true when every rule that was taken away made seeds fail. */
export function printTable(rows: readonly TableRow[]): boolean {
  console.log('\n| rule taken away | failing seeds | by |\n|---|---|---|')
  for (const { rule, result } of rows) {
    const bad = failing(result)
    console.log(`| ${rule} | ${bad.length} of ${result.played.size} | ${kindsOf(bad)} |`)
  }
  return rows.every(({ result }) => failing(result).length > 0)
}
