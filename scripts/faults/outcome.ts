// How a run of faults is told: figures for people and a verdict for the exit code.
import { isProven, type Proof } from './proof.ts'

export interface Outcome {
  name: string
  ok: boolean
  /** One sentence each, with its figures. */
  lines: string[]
  problems: string[]
}

/** Tells people how far a long run has come. */
export type Say = (line: string) => void

/** What a run lacks; not a failure, but never a success either. */
export class Lacking extends Error {
  constructor(what: string) {
    super(what)
    this.name = 'Lacking'
  }
}

export function describeProof({ acknowledged, kept, ...rest }: Proof): string {
  const { lost, doubled, strange, broken, differences } = rest
  return (
    `${acknowledged} ops acknowledged, ${kept} kept: ${lost} lost, ${doubled} doubled, ` +
    `${strange} altered, ${broken} breaks in the hash chains, ${differences} figures wrong`
  )
}

export function outcomeOf(
  name: string,
  lines: string[],
  proof: Proof,
  problems: string[] = [],
): Outcome {
  const all = [...problems, ...proof.problems]
  return {
    name,
    ok: isProven(proof) && all.length === 0,
    lines: [...lines, describeProof(proof)],
    problems: all,
  }
}

export function printOutcome({ name, ok, lines, problems }: Outcome, say: Say): void {
  say(`${ok ? 'ok' : 'FAILED'}  ${name}`)
  for (const line of lines) say(`      ${line}`)
  for (const problem of problems) say(`   !! ${problem}`)
}

/** `12.3 s`, for the figures of a run. */
export function secondsSince(start: number): string {
  return `${((performance.now() - start) / 1000).toFixed(1)} s`
}
