/**
 * How work was lost: `evicted` the browser dropped its database, `restored` the device was set
 * back, `copied` two devices used one name, `skipped` ops are gone that the server once had,
 * `silent` the device never came back with what it held.
 */
export const LOSS_CAUSES = ['evicted', 'restored', 'copied', 'skipped', 'silent'] as const
export type LossCause = (typeof LOSS_CAUSES)[number]

/**
 * Ops of a device that never arrived: their numbers, the span of time in which they were written
 * and the people who wrote them, as far as the device had reported. Times in ms; null: unknown.
 */
export interface Loss {
  id: string
  store_id: string
  device_id: string
  cause: LossCause
  from_n: number
  to_n: number
  from_at: number | null
  to_at: number | null
  staff_ids: string[]
  found_at: number
  /** `recovered`: the ops came after all; `accepted`: a person closed it. */
  state: 'open' | 'recovered' | 'accepted'
  closed_at: number | null
}
