import { readFileSync } from 'node:fs'
import { DAY_MS, dayFromCivil } from '#model/calendar.ts'
import type { Ledger } from '#sql/ledger.ts'
import { openLedger } from '#sql/open-ledger.ts'
import { nodePorts, type Ports } from '#sql/ports.ts'
import { stateHash } from '#sql/state-hash.ts'
import { seededRandom, uuid7 } from '../demo/random.ts'
import { type Balance, checkBalance } from './check.ts'
import { type Happening, planYear, shuffled } from './plan.ts'
import { makeRegions, play } from './play.ts'

/** The year begins with a quarter, so that whole quarters are checked; it is long over. */
export const FROM_DAY = dayFromCivil(2025, 1, 1)
export const YEAR_DAYS = 365

/** Ids that every ledger of one seed makes alike. */
function portsOf(seed: string): Ports {
  const random = seededRandom(`ports/${seed}`)
  let at = FROM_DAY * DAY_MS
  return { ...nodePorts, uuid: () => uuid7((at += 1), random) }
}

export interface Told {
  ledger: Ledger
  plan: Happening[]
  applied: number
}

/**
 * A ledger at `url` that was told a year of so many customers; closed month by month, or told in
 * another order of arrival and not closed.
 */
export async function tell(
  url: string,
  size: { customers: number; seed: string },
  order: 'as it came' | 'shuffled',
): Promise<Told> {
  const ledger = await openLedger(url, portsOf(size.seed))
  const chain = await makeRegions(ledger, FROM_DAY * DAY_MS)
  const year = { ...size, stores: chain.stores, from: FROM_DAY * DAY_MS, days: YEAR_DAYS }
  const plan = planYear(year)
  const told = order === 'shuffled' ? shuffled(plan, size.seed) : plan
  const applied = await play(ledger, chain, told, order === 'as it came')
  return { ledger, plan, applied }
}

/**
 * What is equal on two ledgers that were told the same. Not what was closed on the way, nor who was
 * linked to which store meanwhile: that a store sees somebody follows from when it heard of whom.
 */
export function figuresHash(ledger: Ledger): Promise<string> {
  return stateHash(ledger, new Set(['deskRecord', 'opSeen', 'customerLink']))
}

export function balanceOf(ledger: Ledger): Promise<Balance> {
  return checkBalance(ledger, FROM_DAY, FROM_DAY + YEAR_DAYS)
}

/** Peak memory of this process in MB where the system tells; else null. */
export function peakMb(): number | null {
  try {
    const peak = /VmHWM:\s*(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]
    return peak === undefined ? null : Math.round(Number(peak) / 1024)
  } catch {
    return null // No /proc: not Linux.
  }
}
