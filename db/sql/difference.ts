import type { Figures } from '#model/figures.ts'

/** Where what is kept is not what the facts say. */
export interface Difference {
  what: 'history' | 'figure' | 'movement' | 'rollup'
  store_id: string
  key: string
  kept: number | string | null
  recounted: number | string | null
}

export function compareFigures(
  what: Difference['what'],
  storeId: string,
  kept: Figures,
  recounted: Figures,
): Difference[] {
  const keys = new Set([...kept.keys(), ...recounted.keys()])
  return [...keys].flatMap((key): Difference[] => {
    const [a, b] = [kept.get(key) ?? 0, recounted.get(key) ?? 0]
    return a === b ? [] : [{ what, store_id: storeId, key, kept: a, recounted: b }]
  })
}
