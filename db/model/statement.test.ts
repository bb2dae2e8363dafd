// What is at stake: a statement that does not add up and says nothing about it.
import { expect, test } from 'vitest'
import {
  carriedForward,
  emptySide,
  footingFaults,
  type ScopedStatement,
  type StatementSide,
} from './statement.ts'

function side(lines: Partial<StatementSide>): StatementSide {
  const open = { ...emptySide(), ...lines }
  return { ...open, closing: carriedForward(open) }
}

/** A chain of two stores in one region; somebody moved from the first to the second. */
function chain(): ScopedStatement[] {
  const north = { level: 'store', region_id: 'north' } as const
  const one = side({ opening: 10, new: 3, lost: 2, transfer_out: 1, expanded: 40, contracted: -5 })
  const other = side({ opening: 5, reactivated: 1, erased: 1, transfer_in: 1 })
  const both = side({
    ...{ opening: 15, new: 3, reactivated: 1, lost: 2, erased: 1 },
    ...{ expanded: 40, contracted: -5 },
  })
  return [
    { scope: 'chain', level: 'chain', region_id: null, customers: both, value: both },
    { scope: 'north', level: 'region', region_id: null, customers: both, value: both },
    { scope: 'a', ...north, customers: one, value: one },
    { scope: 'b', ...north, customers: other, value: other },
  ]
}

test('what opened, came and went is what closes', () => {
  const lines = { opening: 7, new: 4, unmerged: 1, transfer_in: 2, expanded: 9, contracted: -3 }
  const gone = { lost: 2, merged: 1, transfer_out: 1, erased: 1 }
  expect(carriedForward(side({ ...lines, ...gone }))).toBe(15)
})

test('a sound statement has no fault: moves within a region cancel out', () => {
  expect(footingFaults(chain())).toEqual([])
})

test('a closing that is not what came and went is named', () => {
  const wrong = chain()
  const store = wrong[2]
  if (store) store.customers = { ...store.customers, closing: store.customers.closing + 1 }
  const { closing } = chain()[2]?.customers ?? { closing: 0 }
  expect(footingFaults(wrong)).toContainEqual({
    ...{ scope: 'a', side: 'customers', what: 'balance' },
    ...{ expected: closing + 1, found: closing },
  })
})

test('a region or chain that is not the sum of its stores is named, line by line', () => {
  for (const line of ['opening', 'new', 'lost', 'erased', 'expanded'] as const) {
    const wrong = chain()
    const store = wrong[3]
    if (store) store.value = side({ ...store.value, [line]: store.value[line] + 1 })
    const faults = footingFaults(wrong).filter((fault) => fault.what === 'stores')
    expect(new Set(faults.map((fault) => `${fault.scope} ${fault.side}`))).toEqual(
      new Set(['north value', 'chain value']),
    )
  }
})
