/** The place that was heard of least lately; null when none of them ever was. */
export function darkestOf<Place extends { as_of: number | null }>(
  places: readonly Place[],
): Place | null {
  return places.reduce<Place | null>(
    (least, one) => (one.as_of !== null && one.as_of < (least?.as_of ?? Infinity) ? one : least),
    null,
  )
}
