// Prints the tables of a run and keeps its figures as JSON.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Medians, shown, type Verdict } from './goals.ts'
import type { Weights } from './pages.ts'
import type { PushResult } from './push.ts'
import type { Result } from './tablet.ts'

const COLUMNS: readonly [keyof Result, string][] = [
  ['bootstrap', 'download'],
  ['first500', 'first 500'],
  ['downMB', 'MB down'],
  ['upMB', 'MB up'],
  ['bootstrapStall', 'stall'],
  ['storageMB', 'stored MB'],
  ['lookupP50', 'look-up p50'],
  ['lookupP95', 'p95'],
  ['historyP50', 'history p50'],
  ['historyP95', 'p95'],
  ['reopen', 'reopen'],
  ['recents', 'recents'],
  ['writeP50', 'write p50'],
  ['writeP95', 'p95'],
  ['flush', 'flush 2,000'],
  ['flushStall', 'stall'],
  ['pull', 'pull 500'],
  ['pullStall', 'stall'],
]

/** The middle one; of an even number the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const half = Math.floor(sorted.length / 2)
  const upper = sorted[half] ?? NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[half - 1] ?? NaN) + upper) / 2
}

/** Field by field. */
export function medians<T extends object>(results: readonly T[]): Partial<T> {
  const [first] = results
  if (!first) return {}
  const fields = Object.keys(first) as (keyof T)[] // Every result has the same fields.
  const values = fields.map((field) => [field, median(results.map((one) => Number(one[field])))])
  return Object.fromEntries(values) as Partial<T>
}

function printRows(head: readonly string[], rows: readonly (readonly string[])[]): void {
  const all = [head, ...rows]
  const widths = head.map((_, at) => Math.max(...all.map((row) => (row[at] ?? '').length)))
  for (const row of all)
    console.log(row.map((cell, at) => cell.padStart(widths[at] ?? 0)).join('  '))
  console.log('')
}

export function printClients(clients: Medians, weights: Weights): void {
  const names = Object.keys(clients)
  console.log('Clients: medians, ms unless said')
  printRows(
    ['', ...names],
    COLUMNS.map(([field, title], index) => {
      const title2 = title === 'p95' ? `${COLUMNS[index - 1]?.[1].split(' ')[0]} p95` : title
      return [title2, ...names.map((name) => shown(clients[name]?.[field] ?? NaN))]
    }),
  )
  const kb = Object.entries(weights).map(([name, bytes]) => `${name} ${shown(bytes / 1000)}`)
  console.log(`Gzipped KB (ours is layer + worker): ${kb.join(', ')}\n`)
}

export function printPushes(pushes: { [target: string]: PushResult }): void {
  console.log('Server: 20 clients push 50 visits at a time over HTTP, medians')
  printRows(
    ['', 'ops/s', 'push p50 ms', 'p95', 'server CPU µs per op'],
    Object.entries(pushes).map(([name, { opsPerS, p50, p95, cpuMicros }]) => {
      return [name, opsPerS.toFixed(0), shown(p50), shown(p95), shown(cpuMicros)]
    }),
  )
}

/** Every goal, also those where a peer is ahead. */
export function printVerdicts(list: readonly Verdict[]): void {
  console.log('Goals. A peer "ahead" needs less than ours for the same work.')
  for (const { measure, goal, measured, met, peers } of list) {
    const against = Object.entries(peers).map(([peer, times]) => {
      return times >= 1 ? `${shown(times)} x ${peer}` : `${peer} AHEAD ${shown(1 / times)} x`
    })
    const beside = against.length > 0 ? `\n    better than, or behind: ${against.join('; ')}` : ''
    console.log(`${met ? 'met    ' : 'NOT met'} ${measure}: ${measured}; goal ${goal}${beside}`)
  }
}

/** Where a run's figures are kept. */
export function pathOfFigures(folder: string, now: number): string {
  mkdirSync(folder, { recursive: true })
  const stamp = new Date(now).toISOString().slice(0, 19).replaceAll(':', '')
  return join(folder, `peers-${stamp}.json`)
}

/** Keeps what is known so far: a run that is cut short leaves what it measured. */
export function keep(path: string, now: number, figures: object): void {
  const dated = { at: new Date(now).toISOString(), ...figures }
  writeFileSync(path, `${JSON.stringify(dated, null, 2)}\n`)
}
