/** Panels or lines that a chart shows at once; beyond that the eye compares nothing. */
export const MOST_SHOWN = 24

/** Of a longer list each end keeps so many: the best and the weakest, in the order given. */
export const ENDS_SHOWN = 8

/** What is drawn, and how many are not; those are in the table. */
export function chosenOf<Item>(items: readonly Item[]): {
  shown: readonly Item[]
  hidden: number
} {
  if (items.length <= MOST_SHOWN) return { shown: items, hidden: 0 }
  const shown = [...items.slice(0, ENDS_SHOWN), ...items.slice(-ENDS_SHOWN)]
  return { shown, hidden: items.length - shown.length }
}
