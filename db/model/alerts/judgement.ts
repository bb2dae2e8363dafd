import type { AlertRule } from '../alert-rule.ts'
import type { Interval } from '../stats/wilson.ts'
import type { Block, Figure, StoreSeries } from './week-figures.ts'

/** What a test says of a store's figure of the window that ends with a week. */
export interface Judgement extends Interval {
  store_id: string
  week: number
  /** The figure of the window, and the cases it rests on. */
  value: number
  n: number
  /** What was held against the limits: the figure itself, or of a slide its weighted mean. */
  tested: number
  centre: number
  side: 'above' | 'below' | null
  /** From the centre, in standard deviations of a single figure. */
  distance: number
}

export type TestedRule = Pick<
  AlertRule,
  'metric' | 'test' | 'limit' | 'window_weeks' | 'min_n' | 'direction'
>

export type Tested = Pick<Judgement, 'tested' | 'centre' | 'low' | 'high'>

export function judgementOf(
  { store: { store_id } }: StoreSeries,
  week: number,
  { value, n }: Figure,
  by: Tested,
  sigma: number,
): Judgement {
  const side = by.tested > by.high ? 'above' : by.tested < by.low ? 'below' : null
  const distance = sigma > 0 ? (by.tested - by.centre) / sigma : 0
  return { store_id, week, value, n, ...by, side, distance }
}

/** Weeks, at least, of which it is asked whether a figure came back. */
export const CONFIRM_WEEKS = 4

/** The weeks behind a judged one, of which that is asked. */
export function weeksAfter(rule: Pick<TestedRule, 'window_weeks'>, week: number): Block {
  const weeks = Math.max(rule.window_weeks, CONFIRM_WEEKS)
  return { end: week + weeks, weeks }
}
