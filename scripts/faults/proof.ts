// What must hold of a ledger after any fault: what was acknowledged is there, once, unaltered, in
// an unbroken chain of hashes, and the figures count every fact exactly once.
import { and, asc, count, eq } from 'drizzle-orm'
import { canonicalJson } from '#model/canonical.ts'
import type { Op } from '#model/op.ts'
import type { Ledger } from '#sql/ledger.ts'
import { rebuild } from '#sql/rebuild.ts'
import { verifyChains } from '#sql/verify.ts'
import type { History } from './device.ts'

export interface Proof {
  acknowledged: number
  kept: number
  lost: number
  doubled: number
  /** Ops of the ledger that no device made, or that are not as they were made. */
  strange: number
  broken: number
  differences: number
  problems: string[]
}

const PROBLEMS_MAX = 20

type Row = Ledger['t']['op']['$inferSelect']

function opsOf(ledger: Ledger, { store_id, device_id }: History): Promise<Row[]> {
  const { op } = ledger.t
  const isDevice = and(eq(op.store_id, store_id), eq(op.device_id, device_id))
  return Promise.resolve(ledger.db.select().from(op).where(isDevice).orderBy(asc(op.n)))
}

/** Visits in the books of the stores that these ops speak of. */
async function countVisits(ledger: Ledger, made: readonly Op[]): Promise<number> {
  const { visit } = ledger.t
  const stores = [...new Set(made.map((op) => op.store_id))]
  let found = 0
  for (const store of stores) {
    const [row] = await ledger.db
      .select({ count: count() })
      .from(visit)
      .where(eq(visit.store_id, store))
    found += row?.count ?? 0
  }
  return found
}

async function proveDevice(ledger: Ledger, history: History, proof: Proof): Promise<Op[]> {
  const { device_id, made, acknowledged } = history
  const rows = await opsOf(ledger, history)
  const byId = Map.groupBy(rows, (row) => row.op_id)
  const say = (text: string) => proof.problems.push(`device ${device_id}: ${text}`)
  for (const op of made.slice(0, acknowledged)) {
    const kept = byId.get(op.op_id)
    if (kept?.some((row) => row.status === 'applied')) continue
    proof.lost += 1
    say(`op ${op.n} was acknowledged and is gone`)
  }
  for (const [id, same] of byId)
    if (same.length > 1) {
      proof.doubled += same.length - 1
      say(`op ${id} stands ${same.length} times`)
    }
  for (const { n, op } of rows) {
    const own = made[n - 1]
    if (own && canonicalJson(own) === canonicalJson(op)) continue
    proof.strange += 1
    say(`op ${n} is not as it was made`)
  }
  proof.kept += rows.length
  proof.acknowledged += acknowledged
  return rows.map((row) => row.op)
}

export interface ProofOptions {
  /** False when the books also hold visits that none of the devices made. */
  countsVisits?: boolean
}

/** Checks the whole ledger against what every device of it remembers. */
export async function proveLedger(
  ledger: Ledger,
  histories: readonly History[],
  { countsVisits = true }: ProofOptions = {},
): Promise<Proof> {
  const proof = emptyProof()
  const kept: Op[] = []
  for (const history of histories) kept.push(...(await proveDevice(ledger, history, proof)))
  const { broken } = await verifyChains(ledger, ({ device_id, n, what }) => {
    proof.problems.push(`device ${device_id}: its chain breaks at ${n ?? 'its head'}, ${what}`)
  })
  proof.broken = broken
  const visits = kept.filter((op) => op.type === 'visit').length
  const found = await countVisits(ledger, kept)
  if (countsVisits && visits !== found) {
    proof.doubled += Math.max(0, found - visits)
    proof.lost += Math.max(0, visits - found)
    proof.problems.push(`${visits} visits were kept as ops, ${found} stand in the books`)
  }
  const differences = await rebuild(ledger, { write: false })
  proof.differences = differences.length
  for (const { what, store_id, key } of differences)
    proof.problems.push(`a recount differs: ${what} of ${store_id}, ${key}`)
  proof.problems.splice(PROBLEMS_MAX)
  return proof
}

export function emptyProof(): Proof {
  const counts = { acknowledged: 0, kept: 0, lost: 0, doubled: 0, strange: 0, broken: 0 }
  return { ...counts, differences: 0, problems: [] }
}

/** What several ledgers show together. */
export function sumProofs(proofs: readonly Proof[]): Proof {
  const sum = emptyProof()
  for (const { problems, ...counts } of proofs) {
    for (const [name, value] of Object.entries(counts)) sum[asCount(name)] += value
    sum.problems.push(...problems)
  }
  sum.problems.splice(PROBLEMS_MAX)
  return sum
}

/** Safe because it is only given the names of a proof's numbers. */
function asCount(name: string): Exclude<keyof Proof, 'problems'> {
  return name as Exclude<keyof Proof, 'problems'>
}

export function isProven(proof: Proof): boolean {
  const { lost, doubled, strange, broken, differences } = proof
  return lost + doubled + strange + broken + differences === 0
}
