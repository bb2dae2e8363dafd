/** Where what is kept is not what the facts say. */
export interface Difference {
  what: 'history' | 'figure' | 'movement' | 'rollup'
  store_id: string
  key: string
  kept: number | string | null
  recounted: number | string | null
}
