// The customer asset statement 客户资产表: the customers of a scope at the opening of a period, who
// came, went and moved in it, and those at its end; counted, and in spend of the 12 months before
// (minor units). It is a sum of movements, never the difference of two pictures: so months add up
// to their quarter, and every cell leads to customers.

/** Lines that add, and lines that take away. */
export const INFLOWS = ['new', 'reactivated', 'transfer_in', 'unmerged'] as const
export const OUTFLOWS = ['lost', 'transfer_out', 'merged', 'erased'] as const
export type Inflow = (typeof INFLOWS)[number]
export type Outflow = (typeof OUTFLOWS)[number]
export type Flow = Inflow | Outflow

/** Growth and shrinking of customers who stayed; in value only. */
export const STAYED = ['expanded', 'contracted'] as const
export type Stayed = (typeof STAYED)[number]

/**
 * What became known of a closed month after its close; an adjustment of the first open month. It
 * may have either sign, and is zero in the restated view.
 */
export const LATE = 'late'

/**
 * What a change of definitions made of closed months, when all figures were counted anew; an
 * adjustment of the first open month, of either sign, and zero in the restated view.
 */
export const REDEFINED = 'redefined'

/** Lines that adjust what was closed, and are no movements of the period. */
export const ADJUSTMENTS = [LATE, REDEFINED] as const
export type Adjustment = (typeof ADJUSTMENTS)[number]

/** Every line between the opening and the closing. */
export const FLOW_LINES = [...INFLOWS, ...OUTFLOWS, ...STAYED, ...ADJUSTMENTS] as const

/** One side of a statement. Flows are not negative; `contracted` is not positive. */
export type StatementSide = Record<Flow | Stayed | Adjustment | 'opening' | 'closing', number>

export interface Statement {
  customers: StatementSide
  value: StatementSide
}

/** One amount of both sides: customers, and value in minor units. */
export type Amounts = Record<keyof Statement, number>

export function emptySide(): StatementSide {
  return {
    opening: 0,
    new: 0,
    reactivated: 0,
    transfer_in: 0,
    unmerged: 0,
    lost: 0,
    transfer_out: 0,
    merged: 0,
    erased: 0,
    expanded: 0,
    contracted: 0,
    late: 0,
    redefined: 0,
    closing: 0,
  }
}

/** What the opening and the lines come to; it must be the closing. */
export function carriedForward(side: StatementSide): number {
  const sum = (lines: readonly (keyof StatementSide)[]) =>
    lines.reduce((total, line) => total + side[line], 0)
  return side.opening + sum(INFLOWS) - sum(OUTFLOWS) + sum(STAYED) + sum(ADJUSTMENTS)
}

export type ScopeLevel = 'store' | 'region' | 'chain'

export interface ScopedStatement extends Statement {
  scope: string
  level: ScopeLevel
  /** The region of a store; null for a store without one, and for regions and the chain. */
  region_id: string | null
}

/** A store whose closing is not what its customers' own visits come to on that day. */
export interface RecountFault {
  store_id: string
  expected: number
  found: number
}

/** Where a statement does not foot: named by scope, side and what was expected. */
export interface FootingFault {
  scope: string
  side: keyof Statement
  what: 'balance' | 'stores'
  expected: number
  found: number
}

const SIDES = ['customers', 'value'] as const

/** Lines of a scope that must be the sum over its stores; moves within it are no movements. */
const ADDITIVE = [
  'opening',
  'new',
  'reactivated',
  'unmerged',
  'lost',
  'merged',
  'erased',
  'expanded',
  'contracted',
  'late',
  'redefined',
  'closing',
] as const

/**
 * Foots every statement, and crosses the stores with their regions and the chain. An empty list is
 * the only good answer; it is printed on the statement.
 */
export function footingFaults(statements: readonly ScopedStatement[]): FootingFault[] {
  const faults: FootingFault[] = []
  const stores = statements.filter((one) => one.level === 'store')
  const byRegion = Map.groupBy(stores, (store) => store.region_id)
  for (const one of statements) {
    const parts = one.level === 'chain' ? stores : (byRegion.get(one.scope) ?? [])
    for (const side of SIDES) {
      const found = carriedForward(one[side])
      if (found !== one[side].closing)
        faults.push({ scope: one.scope, side, what: 'balance', expected: one[side].closing, found })
      if (one.level === 'store') continue
      for (const line of ADDITIVE) {
        const sum = parts.reduce((total, store) => total + store[side][line], 0)
        if (sum !== one[side][line])
          faults.push({
            scope: one.scope,
            side,
            what: 'stores',
            expected: sum,
            found: one[side][line],
          })
      }
    }
  }
  return faults
}
