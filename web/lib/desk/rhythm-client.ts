import * as v from 'valibot'
import type {
  CohortsReport,
  RhythmCustomers,
  RhythmFigures,
  RhythmReport,
  ScopeHead,
  ToldGroup,
} from '#model/report-rhythm.ts'
import { COHORT_SIDES, type CohortSide } from '#model/rhythm/cohort.ts'
import { RFM_GROUPS, type RfmGroup } from '#model/rhythm/rfm-group.ts'
import { type Fetch, read } from './request.ts'

// Who comes back to a scope, as the server tells it; every answer is checked before it is believed.
// Every function throws DeskError.

type Shape<T> = v.GenericSchema<unknown, T>

const number = v.number()
const text = v.string()
const maybeNumber = v.nullable(number)
const maybeText = v.nullable(text)

const head = {
  scope: text,
  level: v.picklist(['store', 'region', 'chain']),
  name: text,
  name_en: maybeText,
  currency: maybeText,
  today: number,
  as_of: maybeNumber,
  computed_at: number,
}
v.object(head) satisfies Shape<ScopeHead>

const Cohorts: Shape<CohortsReport> = v.object({
  ...head,
  side: v.picklist(COHORT_SIDES),
  rows: v.array(
    v.object({
      month: number,
      size: number,
      seen: v.array(maybeNumber),
      shares: v.array(maybeNumber),
    }),
  ),
  second: v.array(v.object({ month: number, due: number, done: number })),
  dirty_days: number,
})

const Group: Shape<ToldGroup> = v.object({ customers: number, spend_minor: maybeNumber })

const Figures = v.object({
  customers: number,
  groups: v.object({
    champions: Group,
    loyal: Group,
    active: Group,
    promising: Group,
    new: Group,
    'needs-attention': Group,
    'almost-lost': Group,
    'at-risk': Group,
    'previously-loyal': Group,
    dormant: Group,
    prospects: Group,
  } satisfies Record<RfmGroup, typeof Group>),
  repeat: v.object({
    customers: number,
    median_days: maybeNumber,
    closed: number,
    open: number,
    kaplan_meier_days: maybeNumber,
    suggested_window_days: maybeNumber,
  }),
  alive: v.object({
    basis: v.picklist(['fitted', 'too-few-customers', 'no-repeats', 'not-converged']),
    own: number,
    lent: number,
    repeaters: number,
    share: maybeNumber,
    customers: number,
    expected: maybeNumber,
  }),
})
Figures satisfies Shape<RhythmFigures>

const bounds = v.strictTuple([number, number, number, number])

const Rhythm: Shape<RhythmReport> = v.object({
  ...head,
  figures: v.nullable(Figures),
  breaks: v.object({ daysSince: bounds, spendMinor: v.nullable(bounds) }),
  several_currencies: v.boolean(),
  survival: v.array(v.object({ days: number, at_risk: number, survival: number })),
  stores: v.array(
    v.object({
      ...Figures.entries,
      scope: text,
      name: text,
      name_en: maybeText,
      as_of: maybeNumber,
    }),
  ),
  stores_counted: number,
  stores_total: number,
  stores_max: number,
})

const Customers: Shape<RhythmCustomers> = v.object({
  scope: text,
  group: v.picklist(RFM_GROUPS),
  rows: v.array(
    v.object({
      customer_id: text,
      name: maybeText,
      last_day: maybeNumber,
      visit_days: number,
      spend_minor: maybeNumber,
      alive: maybeNumber,
    }),
  ),
  total: number,
})

export function getCohorts(get: Fetch, scope: string, side: CohortSide): Promise<CohortsReport> {
  const query = new URLSearchParams({ side })
  return read(get, `/api/desk/cohorts/${encodeURIComponent(scope)}?${query}`, Cohorts)
}

const ASKED_MAX = 4

/** Asked again while a large scope has more stores to read and gets on; then what has been read. */
export async function getRhythm(get: Fetch, scope: string): Promise<RhythmReport> {
  const ask = () => read(get, `/api/desk/rhythm/${encodeURIComponent(scope)}`, Rhythm)
  let report = await ask()
  for (let asked = 1; asked < ASKED_MAX && isUnfinished(report); asked += 1) {
    const next = await ask()
    if (next.stores_counted <= report.stores_counted) return next
    report = next
  }
  return report
}

/** Whether some of a scope's stores have not been read yet. */
export function isUnfinished({ figures, stores_counted, stores_total }: RhythmReport): boolean {
  return figures !== null && stores_counted < stores_total
}

export function getRhythmCustomers(
  get: Fetch,
  store: string,
  group: RfmGroup,
): Promise<RhythmCustomers> {
  const query = new URLSearchParams({ group })
  return read(get, `/api/desk/rhythm/${encodeURIComponent(store)}/customers?${query}`, Customers)
}
